"""Topics at the admin pages."""

import pytest

from syndicate.records_served import Partner
from tests.web.desk import Browser, browser, dangers, read, words
from tests.web.test_api_topics import stocked
from tests.web.wire import NOW, Wire

WATER = {"key": "water", "title": "Water <b>", "any_of": "ferry\r\n\r\n", "where": "body"}


@pytest.fixture
def desk(wire: Wire) -> Browser:
    """An editor, and two stories."""
    stocked(wire)
    return browser(wire)


def test_a_topic_is_tried_added_changed_and_removed(desk: Browser, wire: Wire) -> None:
    """Trying keeps what was typed and changes nothing; what was done is told with how many articles it holds."""
    tried = desk.post("topics", **WATER, **{"try": "1"})
    assert (tried.status_code, list(dangers(tried.text))) == (200, [])
    assert "It would hold 1 of 2 published articles" in words(tried.text)
    assert "The ferry" in words(tried.text, ".//section[@aria-labelledby='trial']")
    assert words(tried.text, ".//textarea[@name='any_of']") == "ferry"
    assert wire.store.added_topics() == ()
    assert desk.done("topics", to="topics", **WATER) == "Water <b> is a topic now: it holds 1 article."
    assert b"The ferry" in wire.store.feed("water", "rss").body
    listed = desk.get("topics").text
    links = [link.get("href") for link in read(listed).iterfind(".//section[@class='card']/p/a")]
    assert links == ["./topics/water"]
    shown = desk.get("topics/water").text
    assert (list(dangers(shown)), words(shown, ".//textarea[@name='any_of']")) == ([], "ferry")
    other = {**WATER, "any_of": "pier\nferry", "sources": "north"}
    assert "with 1 that it does not hold now" in words(desk.post("topics/water/change", **other, **{"try": "1"}).text)
    said = desk.done("topics/water/change", to="topics/water", **other)
    assert said == "Water <b> is changed: it holds 2 articles."
    assert wire.store.added_topic("water").sources == ("north",)
    assert desk.done("topics/water/remove", to="topics").startswith("water is removed, with its feeds.")
    assert (desk.get("topics/water").status_code, wire.store.feed("water", "rss")) == (404, None)


def test_what_cannot_be_done_is_said_where_it_was_typed(desk: Browser, wire: Wire) -> None:
    """The form keeps the words; partners stand in the way of a removal until that is meant."""
    for fields, problem in (
        ({**WATER, "key": "faith"}, "declared in the configuration"),
        ({**WATER, "any_of": ""}, "no rule"),
        ({**WATER, "title": ""}, "title"),
    ):
        answer = desk.post("topics", **fields)
        assert (answer.status_code, problem in words(answer.text, ".//p[@class='problem']")) == (409, True)
        assert read(answer.text).find(".//input[@name='key']").get("value") == fields["key"]
    desk.done("topics", to="topics", **WATER)
    wire.store.add_partner(Partner("anna", "Anna", NOW, "plain", ("water",)), "0" * 64, ())
    refused = desk.post("topics/water/remove")
    assert (refused.status_code, "(anna)" in words(refused.text, ".//p[@class='problem']")) == (409, True)
    desk.done("topics/water/remove", to="topics", force="1")
    for path in ("topics/faith", "topics/nothing"):
        assert desk.get(path).status_code == 404
    assert desk.post("topics/nothing/change", **WATER).status_code == 404
