"""An article's own address leads to the original, or shows the article."""

import pytest

from tests.contract.building import article, change, declare, ingest
from tests.web.wire import Wire


def test_addresses_of_articles(wire: Wire) -> None:
    """An article with an original leads there, as do its copies; one without is shown whole; nothing else is found."""
    declare(wire.store, "lake")
    linked = article(key="1", link="https://news.example.org/1")
    bare = article(key="2", link="", title="No <address>", html="<p>Whole text.</p>", rights="© A")
    held = article(key="3", link="", held="a person has to look")
    copy = article(key="4", link="https://other.example.org/1")
    ingest(wire.store, change(linked), change(bare), change(held), change(copy, duplicate_of=linked.id))
    for name in (linked.id, copy.id):
        answer = wire.client.get(f"/a/{name}")
        assert (answer.status_code, answer.headers["Location"]) == (302, "https://news.example.org/1")
    page = wire.client.get(f"/a/{bare.id}")
    assert page.status_code == 200
    assert "<p>Whole text.</p>" in page.text
    assert "No &lt;address&gt;" in page.text
    assert "© A" in page.text
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert wire.client.get(f"/a/{held.id}").status_code == 404
    assert wire.client.get("/a/nothing").status_code == 404
    again = wire.client.get(f"/a/{bare.id}", headers={"If-None-Match": page.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    "link",
    ["http://e.example:port/", "http://e.example:99999/", "http://e..example/", "http://\u202ee.example/", "/one"],
)
def test_an_original_that_no_feed_names_is_shown_here(link: str, wire: Wire) -> None:
    """Where a feed leads to the article's own address because its original's is none, readers find the article."""
    declare(wire.store, "lake")
    lost = article(key="1", link=link, html="<p>Whole text.</p>")
    ingest(wire.store, change(lost))
    page = wire.client.get(f"/a/{lost.id}")
    assert (page.status_code, "<p>Whole text.</p>" in page.text) == (200, True)
    before, title, _ = wire.client.get("/").text.partition("The 1")
    assert (title, "href" in before.rpartition("<li>")[2]) == ("The 1", False)
