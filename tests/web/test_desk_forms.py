"""What was typed into a form is not lost, and a page says only what is so."""

import re

from tests.contract.building import article, change, declare, ingest
from tests.web.desk import HOST, Browser, browser, read, words
from tests.web.wire import NOW, Wire

_SECONDS = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00")


def filled(page: str) -> tuple[str | None, list[str | None]]:
    """The name and the topics in the form by which Anna's contract is changed."""
    [form] = (form for form in read(page).iter("form") if str(form.get("action")).endswith("partners/anna/change"))
    names = [field.get("value") for field in form.findall(".//input[@name='name']")]
    return names[0], [box.get("value") for box in form.findall(".//input[@checked]")]


def test_a_partners_contract_is_changed(wire: Wire) -> None:
    """Its form holds what the partner has; what is wrong is told beside what was typed, and changes nothing."""
    desk = browser(wire)
    desk.post("partners", name="Anna", key="anna", profile="msn", topics="faith", items="5")
    assert filled(desk.get("partners").text) == ("Anna", ["faith"])
    for wrong, why in (("x", "expected a number"), ("501", "expected 1 to 500"), ("9" * 20, "expected a number")):
        answer = desk.post("partners/anna/change", name="Other", profile="plain", topics="schools", items=wrong)
        assert answer.status_code == 409
        assert why in words(answer.text, ".//p[@class='problem']")
        assert filled(answer.text) == ("Other", ["schools"])
    assert wire.store.partners()[0].contract == ("msn", 5)
    contract = {"name": "Anna", "profile": "plain", "topics": "schools", "items": "7"}
    assert desk.done("partners/anna/change", to="partners", **contract).startswith("Anna has this contract now.")
    [partner] = wire.store.partners()
    assert (partner.profile, partner.items, partner.topics) == ("plain", 7, ("schools",))


def test_a_partner_who_can_t_be_added_is_not_typed_again(wire: Wire) -> None:
    """Name, key, importer and topics stand in the form that is shown again."""
    desk = browser(wire)
    new = read(desk.get("partners").text).findall(".//form//input[@name='items']")
    assert [field.get("value") for field in new] == ["0"]
    answer = desk.post("partners", name="Anna", key="A!", profile="msn", topics="faith")
    form = read(answer.text).findall(".//form")[-1]
    assert [box.get("value") for box in form.findall(".//input[@checked]")] == ["faith"]
    assert [box.get("value") for box in form.findall(".//input[@type='text']")] == ["Anna", "A!"]
    assert [one.get("value") for one in form.findall(".//option[@selected]")] == ["msn"]


def test_whose_session_is_over_is_led_back(wire: Wire) -> None:
    """The page that says so leads to where the form stood, and nowhere else."""
    stranger = Browser(wire.client)
    for to, target in (("articles/a?b=c", "../../articles/a?b=c"), ("//evil.example", "../../")):
        page = stranger.client.post("/admin/articles/a/correct", base_url=HOST, data={"note": "x", "to": to})
        assert page.status_code == 403
        assert [a.get("href") for a in read(page.text).findall(".//main//a")] == [target]


def test_times_are_written_as_pages_have_them(wire: Wire) -> None:
    """HTML knows milliseconds, and no finer: times are told by the second."""
    declare(wire.store, "lake")
    fine = article(key="1", link="", html="", held="no text")
    ingest(wire.store, change(fine, received=NOW.replace(microsecond=123_456)))
    desk = browser(wire)
    page = desk.get(f"articles/{fine.id}").text
    times = [one.get("datetime") or "" for one in read(page).iter("time")]
    assert times
    assert all(map(_SECONDS.fullmatch, times))
    assert "As partners would get it Pictures are not loaded here. There is none." in words(page)
