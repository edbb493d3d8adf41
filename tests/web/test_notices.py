"""What people and programs are told of what can't be had."""

import lxml.html
from werkzeug.test import EnvironBuilder, run_wsgi_app

from tests.contract.building import NOW, article, change, declare, ingest
from tests.web.wire import TOKEN, Wire

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


def test_people_get_a_page(wire: Wire) -> None:
    """Who follows the guid of a withdrawn article reads so on a page; a program gets a problem document."""
    declare(wire.store, "lake")
    ingest(wire.store, change(article(key="1", link="")))
    wire.store.kill(article(key="1").id, "libel", NOW)
    path = f"/a/{article(key='1').id}"
    shown = wire.client.get(path, headers=BROWSER)
    page = lxml.html.fromstring(shown.text)
    assert (shown.status_code, shown.mimetype, shown.headers["Vary"]) == (410, "text/html", "Accept")
    assert (page.findtext(".//h1"), page.xpath("string(//main/p[2])")) == ("Gone", "This article was withdrawn.")
    assert "script" not in shown.text + shown.headers["Content-Security-Policy"]
    for accept in ({}, {"Accept": "*/*"}, {"Accept": "text/html;q=0, application/json"}):
        told = wire.client.get(path, headers=accept)
        assert (told.json["detail"], told.headers["Vary"]) == ("This article was withdrawn.", "Accept")


def test_no_page_repeats_what_was_asked(wire: Wire) -> None:
    """Whatever somebody made up, the page says in our words that there is nothing, and no cache keeps it."""
    for path in ("/<script>", "/embed/<b>", "/feeds/all/archive/<i>.atom", "/assets/none.css"):
        answer = wire.client.get(path, headers=BROWSER | {"Host": "evil.example"})
        assert (answer.status_code, answer.headers["Cache-Control"]) == (404, "no-store")
        assert not any(word in answer.text for word in ("&lt;", "evil", "spelling"))


def test_people_hear_of_a_store_that_is_away(wire: Wire) -> None:
    """A page that needs it is 503 for a browser, too, with word when to come again."""
    wire.store.broken = True
    answer = wire.client.get("/", headers=BROWSER)
    assert (answer.status_code, answer.mimetype, answer.headers["Retry-After"]) == (503, "text/html", "5")
    assert "broken for a test" not in answer.text


def test_methods_are_written_in_capitals(wire: Wire) -> None:
    """A method in small letters is another one, and none that we know."""
    environ = EnvironBuilder("/api/v1/ingest", headers={"Authorization": f"Bearer {TOKEN}"}).get_environ()
    _, status, _ = run_wsgi_app(wire.edge, environ | {"REQUEST_METHOD": "post"})
    assert (status[:3], wire.queue) == ("501", [])
