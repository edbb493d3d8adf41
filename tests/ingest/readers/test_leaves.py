"""The short way for leaves finds what feedparser's own way finds: the same dictionaries, word for word."""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

import feedparser
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from syndicate.ingest.readers import leaves
from syndicate.ingest.readers.charset import decode

SAMPLES = sorted(Path(__file__).parents[2].joinpath("data/feeds").glob("*.xml"))
SEEDS = sorted(Path(__file__).parents[3].joinpath("seeds").rglob("*.xml"))
PROLOGUE = '<?xml version="1.0" encoding="utf-8"?>\n'

NAMES = (
    "title", "link", "description", "guid", "id", "pubDate", "author", "category", "content:encoded", "content",
    "summary", "dc:creator", "dc:date", "dc:subject", "dc:title", "dc:language", "dc:description",
    "dcterms:modified", "media:content", "media:title", "media:description", "media:group", "media:thumbnail",
    "media:keywords", "itunes:summary", "itunes:author", "itunes:image", "atom:link", "atom:author", "atom:updated",
    "atom:content", "source", "image", "textInput", "name", "email", "url", "uri", "enclosure", "comments",
    "updated", "published", "created", "language", "rights", "svg", "div", "body", "date", "items", "modified",
    "issued", "tags", "keywords", "contributor", "info", "slash:comments", "zz:unknown",
)  # fmt: skip
ATTRIBUTES = (
    "", "", "", ' type="html"', ' type="TEXT/plain"', ' type="xhtml"', ' type="image/png"', ' xml:lang="de_AT"',
    ' xml:base="http://b.example/z/"', ' xml:base="c/" xml:lang=""', ' base="/b/"', ' lang="pt"',
    ' isPermaLink="false"', ' isPermaLink="FALSE"', ' href="x?y=1&amp;z=2"', ' rel="SELF" href=""', ' url="/q"',
    ' rel="enclosure" href="/f.mp3" type="audio/mpeg"', ' term="t" scheme="s"', ' domain="d"', ' mode="base64"',
    ' src="/s"', ' xmlns:dc="http://search.yahoo.com/mrss/"', ' xmlns="urn:other"', ' xmlns:content="urn:c"',
    ' xmlns="http://www.w3.org/2005/Atom"', ' medium="image" url="/p.jpg"',
)  # fmt: skip
TEXTS = (
    "", "x", "a &amp; b", "&lt;p&gt;hi &amp;eacute;&lt;/p&gt;", "café", "Ã©", "&#133; &#150;", "  around  ", "AAAA",
    "http://e.example/?a=1&amp;b;&amp;c=2", "<![CDATA[<b>bold</b>]]>", "jane@example.org (Jane)", "2020-01-01",
    "one<!-- c -->two<?p i?>three", "Kräuter “zitiert”", "rel/ative",
)  # fmt: skip
ROOTS = (
    ('<rss version="2.0"{}><channel><title>T</title>', "item", "</channel></rss>"),
    ('<feed xmlns="http://www.w3.org/2005/Atom"{}><title>T</title>', "entry", "</feed>"),
    ('<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"{}><channel/>', "item", "</rdf:RDF>"),
)
MODULES = (
    ' xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:dcterms="http://purl.org/dc/terms/" xmlns:media="http://search.yahoo.com/mrss/"'
    ' xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:atom="http://www.w3.org/2005/Atom"'
    ' xmlns:slash="http://purl.org/rss/1.0/modules/slash/" xmlns:zz="urn:zz"'
)


def element(inside: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """One element with this inside."""
    return st.builds(
        lambda name, attributes, text: f"<{name}{attributes}>{text}</{name}>",
        st.sampled_from(NAMES),
        st.sampled_from(ATTRIBUTES),
        inside,
    )


ELEMENTS = st.recursive(
    element(st.sampled_from(TEXTS)), lambda deeper: element(st.lists(deeper, max_size=3).map("".join)), max_leaves=4
)


@st.composite
def feeds(draw: st.DrawFn) -> str:
    """A small well-formed feed with odd elements in odd places."""
    head, entry, tail = draw(st.sampled_from(ROOTS))
    parts = [head.format(MODULES), *draw(st.lists(ELEMENTS, max_size=3))]
    for _ in range(draw(st.integers(1, 3))):
        parts += [f"<{entry}>", *draw(st.lists(ELEMENTS, max_size=9)), f"</{entry}>"]
    return "".join([*parts, *draw(st.lists(ELEMENTS, max_size=2)), tail])


@given(feeds())
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_generated_feeds_are_read_the_same(feed: str) -> None:
    """Whatever elements, attributes and texts meet in an entry, both ways find the same."""
    assert_same(feed)


@given(st.data())
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_damaged_samples_are_read_the_same(data: st.DataObject) -> None:
    """Sample feeds with tags renamed, lost, moved or added, well-formed or not any more, are read the same."""
    feed = text_of(data.draw(st.sampled_from(SAMPLES + SEEDS)))
    for _ in range(data.draw(st.integers(1, 4))):
        feed = damaged(feed, data)
    assert_same(feed)


@pytest.mark.parametrize("file", SAMPLES + SEEDS, ids=lambda file: file.name)
def test_samples_are_read_the_same(file: Path) -> None:
    """Our sample feeds of every version are read the same."""
    assert_same(text_of(file))


def test_captures_are_read_the_same(shared_data: Path) -> None:
    """Every captured feed is read the same."""
    files = sorted((shared_data / "feeds").glob("*.xml"))
    assert len(files) > 100
    for file in files:
        assert_same(text_of(file))


def test_the_short_way_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """feedparser uses our parser, and an ordinary entry's elements never reach its own way."""
    slow = []
    usual = leaves._Strict.startElementNS
    monkeypatch.setattr(leaves._Strict, "startElementNS", lambda *args: slow.append(args[1][1]) or usual(*args))
    inside = "<title>a</title><link>/b</link><guid>c</guid><description>d</description><category>e</category>"
    entry = feedparser.parse(BytesIO(f"<rss><channel><item>{inside}</item></channel></rss>".encode())).entries[0]
    assert (entry["title"], entry["summary"]) == ("a", "d")
    assert slow == ["rss", "channel", "item"]


def assert_same(feed: str) -> None:
    """Parse with feedparser's parser and with ours, and compare all that was found."""
    usual, ours = parsed(feed, leaves._Strict), parsed(feed, leaves.WithLeaves)
    assert ours == usual


def parsed(feed: str, parser: type) -> Any:
    """What feedparser finds with this parser, or what it raises."""
    body = re.sub(r"^\s*<\?xml[^>]*\?>", "", feed)
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": "https://wire.example/a/feed"}
    with patch.object(feedparser.api, "StrictFeedParser", parser):
        try:
            found = feedparser.parse(
                BytesIO((PROLOGUE + body).encode()),
                sanitize_html=False,
                resolve_relative_uris=False,
                response_headers=headers,
            )
        except Exception as error:  # noqa: BLE001 - feedparser raises nearly anything
            return type(error), str(error)
    return {**found, "bozo_exception": str(found.get("bozo_exception"))}


def text_of(file: Path) -> str:
    """A feed's text."""
    return decode(file.read_bytes()).text


def damaged(feed: str, data: st.DataObject) -> str:
    """The feed with one thing done to one of its tags."""
    tags = list(tags_of(feed))
    if not tags:
        return feed
    start, end = data.draw(st.sampled_from(tags))
    tag, rest = feed[start:end], feed[end:]
    piece = data.draw(element(st.sampled_from(TEXTS)))
    match data.draw(st.sampled_from(("lose", "insert", "rename", "move", "attribute", "break"))):
        case "lose":
            tag = ""
        case "insert":
            tag = piece + tag
        case "rename" if name := re.match(r"</?([\w:]+)", tag):
            return feed.replace(name[1], data.draw(st.sampled_from(NAMES)))
        case "move":
            other = data.draw(st.sampled_from(tags))[0]
            return feed[:other] + tag + feed[other:]
        case "attribute":
            tag = tag[:-1].rstrip("/") + data.draw(st.sampled_from(ATTRIBUTES)) + ">"
        case _:
            tag += data.draw(st.sampled_from(("&", "<", "]]>", "&nbsp;", "é")))
    return feed[:start] + tag + rest


def tags_of(feed: str) -> Iterator[tuple[int, int]]:
    """Where each tag begins and ends."""
    return ((match.start(), match.end()) for match in re.finditer(r"</?[\w:]+[^<>]*>", feed))
