"""What has left a feed, over HTTP: pages that say what is true now, and nothing that is not there."""

import json
from datetime import timedelta

import lxml.html
import pytest

from syndicate.codings import decode
from syndicate.formats import MEDIA_TYPES
from syndicate.model import FEED_FORMATS
from syndicate.publish.build import etag_of
from tests.contract.building import article, change, ingest
from tests.web.wire import NOW, Wire

PAGES = "/feeds/faith/archive"
FAITH = frozenset({"faith"})


def new(number: int, **fields):
    """An article that is the newer the higher its number."""
    return change(article("north", str(number), published=NOW - timedelta(days=9 - number), **fields), topics=FAITH)


@pytest.fixture
def archived(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> Wire:
    """A topic whose archive has five articles on three pages, and whose newest has not left its feed."""
    monkeypatch.setattr("syndicate.store.places.PAGE", 2)
    wire.store.sync_sources(wire.services.settings.sources, NOW)
    ingest(wire.store, *map(new, range(6)), source="north")
    epoch = wire.store.acquire("feed:faith", "builder", NOW, 60)
    assert epoch is not None
    wire.store.place("faith", wire.store.unplaced("faith")[:5], ("feed:faith", epoch))
    return wire


def titles(wire: Wire, number: int) -> list[str]:
    return [item["title"] for item in wire.client.get(f"{PAGES}/{number}.json").json["items"] if "title" in item]


def test_each_page_is_there_in_every_format(archived: Wire):
    """With the type of its format, a strong ETag of its bytes, the pages' word to caches, and no date but content's."""
    assert [titles(archived, number) for number in (1, 2, 3)] == [["The 1", "The 0"], ["The 3", "The 2"], ["The 4"]]
    for name in FEED_FORMATS:
        answer = archived.client.get(f"{PAGES}/2.{name}")
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == f"{MEDIA_TYPES[name]}; charset=utf-8"
        assert answer.headers["ETag"] == f'"{etag_of(answer.data)}"'
        assert answer.headers["Cache-Control"] == "public, max-age=60"
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert "Last-Modified" not in answer.headers
        assert archived.client.get(f"{PAGES}/2.{name}").data == answer.data


def test_who_has_a_page_is_told_so(archived: Wire):
    """A 304 without a body, as long as nothing changes; HEAD has the length of what GET gives."""
    for coding in ("identity", "gzip", "br"):
        accept = {"Accept-Encoding": coding}
        answer = archived.client.get(f"{PAGES}/1.atom", headers=accept)
        assert decode(answer.data, coding) == archived.client.get(f"{PAGES}/1.atom").data
        head = archived.client.head(f"{PAGES}/1.atom", headers=accept)
        assert (head.data, dict(head.headers)) == (b"", dict(answer.headers))
        etag = {"If-None-Match": f'"x", W/{answer.headers["ETag"]}'}
        same = archived.client.get(f"{PAGES}/1.atom", headers={**accept, **etag})
        assert (same.status_code, same.data) == (304, b"")
        assert {name: same.headers.get(name) for name in ("ETag", "Cache-Control", "Vary")} == {
            name: answer.headers[name] for name in ("ETag", "Cache-Control", "Vary")
        }
        assert not {"Content-Type", "Content-Encoding", "Content-Length"} & set(same.headers.keys())
    archived.store.kill(new(0).article.id, "libel", NOW)
    assert archived.client.get(f"{PAGES}/1.atom", headers={**accept, **etag}).status_code == 200


def test_what_is_withdrawn_is_gone_at_once(archived: Wire):
    """Before anybody has built a feed: its page tells that, and why; another page says nothing of it."""
    archived.store.kill(new(0).article.id, "a wrong name", NOW)
    assert titles(archived, 1) == ["The 1"]
    for name in FEED_FORMATS:
        assert b"The 0" not in archived.client.get(f"{PAGES}/1.{name}").data
        assert b"a wrong name" in archived.client.get(f"{PAGES}/1.{name}").data
        assert b"a wrong name" not in archived.client.get(f"{PAGES}/2.{name}").data


def test_no_other_page_is_there(archived: Wire):
    """Numbers that no page has, or that are written otherwise, other formats, and topics without an archive."""
    numbers = ("0.atom", "01.atom", "4.atom", "999999999.rss", "9999999999.rss", "-1.atom", "+1.atom", "x.atom")
    wrong = [f"{PAGES}/{page}" for page in (*numbers, "1", "1.xml", "1.atom/", "1.ATOM", "\u0661.atom")]
    wrong += ["/feeds/nothing/archive/1.atom", "/feeds/schools/archive/1.atom"]
    assert {path: archived.client.get(path).status_code for path in wrong} == dict.fromkeys(wrong, 404)


def test_a_page_can_only_be_read(archived: Wire):
    """Other methods are refused with those that are not; scripts of other pages are let in as for feeds."""
    refused = archived.client.post(f"{PAGES}/1.atom")
    assert (refused.status_code, {"GET", "HEAD"} <= set(refused.headers["Allow"].split(", "))) == (405, True)
    assert archived.client.options(f"{PAGES}/1.atom").status_code == 405
    asked = archived.client.options(f"{PAGES}/1.json")
    assert (asked.status_code, asked.headers["Access-Control-Allow-Methods"]) == (204, "GET, HEAD")
    for path, allowed in (("1.json", "*"), ("9.json", "*"), ("1.atom", None)):
        assert archived.client.get(f"{PAGES}/{path}").headers.get("Access-Control-Allow-Origin") == allowed


def test_without_the_store_there_is_no_page(archived: Wire):
    """It is 503, and says when to come again: the feed is served, whatever dies."""
    archived.store.broken = True
    answer = archived.client.get(f"{PAGES}/1.atom")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")


def test_the_catalogue_leads_to_archives(archived: Wire):
    """Where there is one, to its last page; it counts as what it is, no feed of its own."""
    page = lxml.html.fromstring(archived.client.get("/").text)
    assert page.xpath("//a[@class='archive']/@href") == [f"https://wire.example.org{PAGES}/3.atom"]


def test_json_says_where_it_belongs(archived: Wire):
    """JSON Feed's own paging leads back in time, never to itself; the rest stands in an extension."""
    pages = [json.loads(archived.client.get(f"{PAGES}/{number}.json").data) for number in (1, 2, 3)]
    base = "https://wire.example.org/feeds/faith"
    assert [page.get("next_url") for page in pages] == [None, f"{base}/archive/1.json", f"{base}/archive/2.json"]
    assert [page["feed_url"] for page in pages] == [f"{base}/archive/{number}.json" for number in (1, 2, 3)]
    assert [page["_syndicate"]["archive"] for page in pages] == [
        {"current": f"{base}.json", "next": f"{base}/archive/2.json"},
        {"current": f"{base}.json", "next": f"{base}/archive/3.json"},
        {"current": f"{base}.json"},
    ]
