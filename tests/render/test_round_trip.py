"""Readers find in every format the articles that we meant."""

import json
import locale
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from html import unescape
from io import BytesIO
from time import process_time

import feedparser
import pytest
from lxml import etree

from syndicate.model import FEED_FORMATS, Cut, Person
from syndicate.render import Feed, Item, render
from tests.render.articles import BASE, HARBOUR, WIRE, WITHDRAWN, at, feed_of

NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "media": "http://search.yahoo.com/mrss/",
}
FEED = feed_of()
XML_FORMATS = ("rss", "atom")


def read(format_, feed=FEED):
    """The feed as feedparser reads it."""
    parsed = feedparser.parse(BytesIO(render(feed, format_)), sanitize_html=False, resolve_relative_uris=False)
    assert not parsed.bozo
    return parsed


def first(format_, path):
    """The texts (or attribute values) at a path below the first item."""
    root = etree.fromstring(render(FEED, format_))
    item = root.find("channel/item") if format_ == "rss" else root.find("atom:entry", NAMESPACES)
    found = item.xpath(path, namespaces=NAMESPACES)
    return [one if isinstance(one, str) else one.text for one in found]


def test_json_feed_says_what_was_meant():
    """Ids, order, links, titles, dates, authors, bodies and tags of a JSON Feed are the items' own."""
    items = json.loads(render(FEED, "json"))["items"]
    assert [i["id"] for i in items] == [item.id for item in FEED.items]
    assert [i["url"] for i in items] == [item.link for item in FEED.items]
    assert [i["title"] for i in items] == [item.title for item in FEED.items]
    assert [i["date_published"] for i in items] == [item.published.isoformat() for item in FEED.items]
    assert [i["date_modified"] for i in items] == [item.updated.isoformat() for item in FEED.items]
    assert [[a["name"] for a in i.get("authors", [])] for i in items] == [
        [person.name for person in item.authors] for item in FEED.items
    ]
    assert [i["content_html"] for i in items] == [item.html for item in FEED.items]
    assert items[0]["tags"] == ["Transport", "R&D", "Islands"]


@pytest.mark.parametrize("format_", XML_FORMATS)
def test_feedparser_reads_the_same(format_):
    """feedparser finds the same ids, order, links, titles, dates, authors, bodies and tags."""
    entries = read(format_).entries
    assert [e.id for e in entries] == [item.id for item in FEED.items]
    assert [e.link for e in entries] == [item.link for item in FEED.items]
    assert [e.title for e in entries] == [item.title for item in FEED.items]
    assert [e.published_parsed[:6] for e in entries] == [item.published.timetuple()[:6] for item in FEED.items]
    assert [e.updated_parsed[:6] for e in entries] == [item.updated.timetuple()[:6] for item in FEED.items]
    assert [e.content[0].value for e in entries] == [item.html for item in FEED.items]
    assert [a.name for a in entries[0].authors] == ["Ingrid Holm", "Ola Berg"]
    assert [t.term for t in entries[0].tags] == ["Transport", "R&D", "Islands"]


@pytest.mark.parametrize(("summary", "declared"), [("R&D < 3", "html"), ("&amp; is &", "html"), ("R&D", None)])
def test_a_summary_in_atom_that_looks_like_html_says_that_it_is(summary, declared):
    """What could be taken for a tag or a character reference is escaped and declared, and says the same."""
    feed = feed_of()
    feed = replace(feed, items=(replace(feed.items[0], summary=summary),))
    told = etree.fromstring(render(feed, "atom")).find("atom:entry/atom:summary", NAMESPACES)
    assert told.get("type") == declared
    assert (unescape(told.text) if declared else told.text) == summary


def test_the_first_link_in_atom_is_the_page():
    """Readers that take a feed's first link for its page (feed-extractor) find the page, not the feed itself."""
    first_link = etree.fromstring(render(FEED, "atom")).find("atom:link", NAMESPACES)
    assert (first_link.get("rel"), first_link.get("href")) == ("alternate", FEED.home)


@pytest.mark.parametrize("format_", XML_FORMATS)
def test_feedparser_reads_the_head(format_):
    """Title, description, language, self link, hub, home and date of the feed come back."""
    head = read(format_).feed
    assert (head.title, head.subtitle, head.language) == (FEED.title, FEED.description, "en")
    assert {link.rel: link.href for link in head.links} == {
        "self": f"{BASE}/feeds/islands.{format_}",
        "hub": f"{BASE}/hub",
        "alternate": f"{BASE}/",
    }
    assert head.updated_parsed[:6] == FEED.updated.timetuple()[:6]


@pytest.mark.parametrize("format_", XML_FORMATS)
def test_images_carry_size_caption_and_credit(format_):
    """Each picture has media:content with type and size, its caption and credit; the first is the thumbnail."""
    url = "https://herald.example.com/img/ferry.jpg?w=1200&h=800"
    assert first(format_, "media:content[1]/@*") == [url, "image", "image/jpeg", "1200", "800"]
    assert first(format_, "media:content[1]/media:description") == ["The Åsa leaves the yard."]
    assert first(format_, "media:content[1]/media:credit") == ["Ola Berg/Harbour News"]
    assert first(format_, "media:content[2]/@type") == ["image/webp"]
    assert first(format_, "media:thumbnail/@url") == [url]


@pytest.mark.parametrize("format_", XML_FORMATS)
def test_provenance_is_metadata(format_):
    """Publisher, original, rights, places and the modified date stand in elements of their own."""
    assert first(format_, "dc:publisher") == ["Harbour News"]
    assert first(format_, "dc:source") == ["https://harbour.example.com/2026/ferry"]
    assert first(format_, "dc:rights|atom:rights") == ["Copyright 2026 Harbour News. All rights reserved."]
    assert first(format_, "dcterms:spatial") == ["VARHOLM", "SKÄRA"]
    assert first(format_, "dcterms:modified") == ["2026-03-02T11:00:00+00:00"]
    assert first(format_, "atom:updated") == ["2026-03-02T11:00:00+00:00"]


def test_rss_guid_is_a_permalink_only_when_it_is_the_link():
    """isPermaLink is true just for an article that has no address but its guid."""
    root = etree.fromstring(render(FEED, "rss"))
    assert [g.get("isPermaLink") for g in root.iterfind("channel/item/guid")] == ["false", "false", "true", "false"]


def test_rss_has_room_for_one_enclosure():
    """RSS carries the first file as enclosure, with its length, others as Media RSS; Atom and JSON all."""
    assert first("rss", "enclosure/@*") == ["https://herald.example.com/audio/ferry.mp3", "123456", "audio/mpeg"]
    files = [file.url for file in FEED.items[0].enclosures]
    assert first("rss", "media:content[@medium='document']/@url") == files[1:]
    assert first("atom", "atom:link[@rel='enclosure']/@href") == files
    assert [a["url"] for a in json.loads(render(FEED, "json"))["items"][0]["attachments"]] == files


def test_atom_has_one_alternate_link_an_entry():
    """An entry's other links say what they are: via and enclosure."""
    assert first("atom", "atom:link/@rel") == ["alternate", "via", "enclosure", "enclosure"]


def test_absurd_dates_keep_four_digits():
    """A date of the first century is written with a four-digit year in every format."""
    item = Item.of(HARBOUR)
    old = at(1, 1, 1)
    feed = feed_of((), items=(Item(item.id, item.link, "Old", "<p>Old.</p>", "Old.", old, old),), updated=old)
    assert b"Mon, 01 Jan 0001 00:00:00 +0000" in render(feed, "rss")
    assert b"0001-01-01T00:00:00+00:00" in render(feed, "atom")
    assert b"0001-01-01T00:00:00+00:00" in render(feed, "json")


def test_updated_comes_from_the_newest_article():
    """The feed's date is its newest article's, and does not move while the articles stay."""
    assert FEED.updated == at(2026, 3, 2, 11)
    assert Feed.newest(FEED.items[1:]) == at(2026, 3, 2, 0, 10)


def test_one_changed_article_changes_one_entry():
    """After a correction every other entry has the bytes it had."""
    corrected = replace(
        HARBOUR, article=replace(HARBOUR.article, html="<p>Ten weeks late.</p>"), revised=at(2026, 3, 3)
    )
    for format_ in XML_FORMATS:
        separator = b"<item>" if format_ == "rss" else b"<entry"
        before = render(FEED, format_).split(separator)
        after = render(feed_of((corrected, *WIRE[1:])), format_).split(separator)
        assert [a == b for a, b in zip(before, after, strict=True)] == [False, False, True, True, True]


def test_threads_can_render_at_once():
    """Feeds rendered side by side come out right, and the process keeps its locale."""
    before = locale.setlocale(locale.LC_ALL)
    with ThreadPoolExecutor(4) as pool:
        bodies = set(pool.map(lambda _: render(FEED, "rss"), range(40)))
    assert bodies == {render(FEED, "rss")}
    assert locale.setlocale(locale.LC_ALL) == before


def test_noise_in_fields_that_no_feed_shows_changes_nothing():
    """Microseconds, cuts, doubts and a modified date that was not a real change leave the bytes as they are."""
    noisy = replace(
        HARBOUR,
        article=replace(HARBOUR.article, updated=at(2026, 4, 1), cuts=(Cut("Share!", "share", "rule"),)),
        revised=HARBOUR.revised.replace(microsecond=7),
    )
    for format_ in FEED_FORMATS:
        assert render(feed_of((noisy, *WIRE[1:])), format_) == render(FEED, format_)


@pytest.mark.parametrize("format_", XML_FORMATS)
def test_thousands_of_names_cost_little(format_):
    """Time grows with the number of an article's categories and authors, not with its square."""
    crowd = replace(
        FEED.items[0],
        categories=tuple(f"category {n}" for n in range(8_000)),
        authors=tuple(Person(f"Jane Doe {n}") for n in range(8_000)),
    )
    began = process_time()
    body = render(replace(FEED, items=(crowd,)), format_)
    assert process_time() - began < 5  # it was 20 s and more
    assert body.count(b"<category") == 8_000


@pytest.mark.parametrize("format_", XML_FORMATS)
def test_readers_find_no_article_in_what_was_withdrawn(format_):
    """feedparser finds the same articles and the same head, beside when all was last changed."""
    told = read(format_, feed_of(withdrawn=WITHDRAWN))
    assert [e.id for e in told.entries] == [item.id for item in FEED.items]
    assert told.feed.title == FEED.title
    assert told.feed.updated_parsed[:6] == WITHDRAWN[0].at.timetuple()[:6]
