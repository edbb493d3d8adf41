"""Whatever text an article holds, its feeds are well-formed and say the same in every format."""

import json
from datetime import UTC, datetime
from html import unescape

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from syndicate.model import (
    FEED_FORMATS,
    Article,
    Correction,
    Dateline,
    Enclosure,
    Image,
    Original,
    Person,
    Published,
    Tombstone,
)
from syndicate.publish.check import check
from syndicate.render import render
from syndicate.render.text import as_markup, line, printable
from tests.render.articles import feed_of

ATOM = "{http://www.w3.org/2005/Atom}"
AT = "{http://purl.org/atompub/tombstones/1.0}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"

nasty = st.sampled_from(
    [
        "]]>",
        "<![CDATA[",
        "&amp;",
        "&#0;",
        "</item>",
        "<!--",
        "\x00",
        "\x85",
        "\ud800",
        "\ufffe",
        "𝕏🌱",
        "אבג",
        "\u202e",
        "\r\n",
        "{name}",
    ]
)
text = st.lists(st.one_of(nasty, st.text(st.characters(codec=None), max_size=12)), max_size=6).map("".join)
moments = st.datetimes(timezones=st.just(UTC))
addresses = st.one_of(text, text.map(lambda t: "https://example.com/" + t), st.just("https://[broken/x.jpg"))
sizes = st.one_of(st.none(), st.integers(-5, 5000))

articles = st.builds(
    Article,
    source=st.just("s"),
    key=st.uuids().map(str),
    link=addresses,
    title=text,
    html=text,
    text=text,
    summary=text,
    authors=st.lists(st.builds(Person, text, text, text, addresses), max_size=2).map(tuple),
    dateline=st.one_of(st.none(), st.builds(Dateline, st.lists(text, max_size=2).map(tuple), text)),
    published=st.one_of(st.none(), moments),
    categories=st.lists(text, max_size=2).map(tuple),
    language=st.one_of(text, st.sampled_from(["en", "pt_BR", "ar", "xx-toolongsubtag"])),
    rights=text,
    bio=text,
    original=st.one_of(st.none(), st.builds(Original, text, addresses)),
    images=st.lists(st.builds(Image, addresses, text, text, text, sizes, sizes, text), max_size=2).map(tuple),
    enclosures=st.lists(st.builds(Enclosure, addresses, text, st.integers(-1, 10**12)), max_size=2).map(tuple),
)
published = st.builds(
    lambda article, *rest: Published(article, f"https://w.example/a/{article.id}", *rest),
    articles,
    moments,
    moments,
    st.lists(st.builds(Correction, moments, text), max_size=2).map(tuple),
)
wires = st.lists(published, max_size=3, unique_by=lambda one: one.guid).map(tuple)

stones = st.builds(
    lambda number, link, at, reason: Tombstone(f"https://w.example/a/{number}", link, at, reason),
    st.uuids(),
    addresses,
    moments,
    text,
)
graveyards = st.lists(stones, max_size=3, unique_by=lambda one: one.guid).map(tuple)


def told(format_, body):
    """What a strict parser reads of each item: id, link, title, body, summary, published, updated."""
    if format_ == "json":
        return [
            (i["id"], i["url"], i.get("title"), i.get("content_html", i.get("content_text")), i.get("summary", ""))
            for i in json.loads(body.decode())["items"]
        ]
    root = etree.fromstring(body)
    if format_ == "rss":
        return [
            (
                i.findtext("guid"),
                i.findtext("link"),
                i.findtext("title"),
                i.findtext(CONTENT),
                i.findtext("description"),
            )
            for i in root.iterfind("channel/item")
        ]
    return [
        (
            e.findtext(ATOM + "id"),
            e.find(ATOM + "link").get("href"),
            e.findtext(ATOM + "title"),
            e.findtext(ATOM + "content"),
            plain_summary(e.find(ATOM + "summary")),
        )
        for e in root.iterfind(ATOM + "entry")
    ]


def withdrawn(format_, body):
    """What a strict parser reads of what was withdrawn: id, when, why."""
    if format_ == "json":
        stones = [i for i in json.loads(body.decode())["items"] if i.get("_syndicate", {}).get("status") == "withdrawn"]
        return [(i["id"], i["date_modified"], i["_syndicate"]["reason"]) for i in stones]
    root = etree.fromstring(body)
    stones = root.iterfind(f"{AT}deleted-entry")  # as FeedWordPress looks for them: in RSS beside the channel
    return [(one.get("ref"), one.get("when"), one.findtext(f"{AT}comment") or "") for one in stones]


def plain_summary(element):
    """What an Atom summary says, whether it is declared as text or as HTML."""
    if element is None:
        return ""
    return unescape(element.text or "") if element.get("type") == "html" else element.text or ""


@settings(max_examples=60)
@given(wires, text, text)
def test_every_format_is_well_formed_and_says_the_same(wire, title, contact):
    """Control characters, surrogates, markup and odd addresses in any field break no format."""
    feed = feed_of(wire, title=title, description=title, rights=title, contact=contact, language=title)
    bodies = {name: render(feed, name) for name in FEED_FORMATS}
    for name, body in bodies.items():
        check(feed, name, body)
        assert body == render(
            feed_of(wire, title=title, description=title, rights=title, contact=contact, language=title), name
        )
    in_json, in_atom, in_rss = (told(name, bodies[name]) for name in ("json", "atom", "rss"))
    assert in_atom == in_json
    for ours, theirs, item in zip(in_rss, in_json, feed.items, strict=True):
        assert (ours[0], ours[1], ours[2]) == theirs[:3]
        assert ours[3] == (theirs[3] if item.html else as_markup(theirs[3]))
        assert unescape(ours[4]) == (theirs[4] or item.title)


@settings(max_examples=60)
@given(wires, graveyards, text)
def test_whatever_was_withdrawn_is_told_in_every_format(wire, graveyard, language):
    """Any reasons, addresses and times give the same bytes each time, are told alike, and leave the articles alone."""
    feed, without = (feed_of(wire, withdrawn=told, language=language) for told in (graveyard, ()))
    for name in FEED_FORMATS:
        body = render(feed, name)
        check(feed, name, body)
        assert body == render(feed_of(wire, withdrawn=graveyard, language=language), name)
        assert withdrawn(name, body) == [(s.guid, s.at.isoformat(), s.reason) for s in feed.withdrawn]
        assert told(name, body)[: len(wire)] == told(name, render(without, name))
        assert graveyard or feed == without


@given(st.text(st.characters(codec=None)))
def test_printable_is_what_xml_can_carry(anything):
    """Printable text goes into XML and back unchanged, and making it printable twice is making it so once."""
    clean = printable(anything)
    element = etree.Element("x")
    element.text = clean
    assert (etree.fromstring(etree.tostring(element)).text or "") == clean
    assert printable(clean) == clean
    assert line(line(anything)) == line(anything)


def test_a_huge_article_goes_through():
    """A body of 2 MB is rendered whole in every format."""
    body = "<p>" + "word " * 400_000 + "</p>"
    now = datetime(2026, 1, 1, tzinfo=UTC)
    feed = feed_of(
        (Published(Article("s", "k", "https://e.example/", "T", body, body), "https://w.example/a/1", now, now),)
    )
    for name in FEED_FORMATS:
        out = render(feed, name)
        check(feed, name, out)
        assert body in told(name, out)[0][3]
