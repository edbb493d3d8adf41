"""What Flask's pages tell caches, and how they read conditions: as feeds do."""

from werkzeug.test import TestResponse

from tests.contract.building import article, change, declare, ingest
from tests.web.wire import Wire

PAGES = ("/", "/opml.xml", "/robots.txt", "/embed/faith", "/api/v1/openapi.json")


def test_a_page_is_kept_for_a_minute_and_asked_for_again(wire: Wire) -> None:
    """It has an ETag, by which a client hears that it has the page; what is no entity tag is none."""
    for path in PAGES:
        page = wire.client.get(path)
        assert page.headers["Cache-Control"] == "public, max-age=60"
        _is_conditional(path, page, wire)


def _is_conditional(path: str, page: TestResponse, wire: Wire) -> None:
    etag = page.headers["ETag"]
    for tags, status in ((etag, 304), (f'"x", W/{etag}', 304), ("*", 304), (etag.strip('"'), 200), ('"x"', 200)):
        answer = wire.client.get(path, headers={"If-None-Match": tags})
        assert (answer.status_code, answer.data) == (status, page.data if status == 200 else b"")
        assert (answer.headers["ETag"], answer.headers["Cache-Control"]) == (etag, page.headers["Cache-Control"])


def test_a_date_that_is_none_is_no_condition(wire: Wire) -> None:
    """An article's page goes by all three formats of dates, and by no others; a redirect knows no conditions."""
    declare(wire.store, "lake")
    bare, linked = article(key="1", link=""), article(key="2", link="https://news.example.org/2")
    ingest(wire.store, change(bare), change(linked))
    modified = wire.client.get(f"/a/{bare.id}").headers["Last-Modified"]
    for since, status in ((modified, 304), (modified.replace("GMT", "+0000"), 200), ("tomorrow", 200)):
        assert wire.client.get(f"/a/{bare.id}", headers={"If-Modified-Since": since}).status_code == status
    led = wire.client.get(f"/a/{linked.id}", headers={"If-None-Match": "*"})
    assert (led.status_code, led.headers.get("ETag")) == (302, None)
