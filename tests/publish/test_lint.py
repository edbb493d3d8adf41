"""A feed is looked at as importers look at it: each rule has a feed that it passes and one that it does not."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.publish.lint import PROFILES, Finding, lint
from syndicate.publish.lint.findings import _FEED_RULES, _ITEM_RULES

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
TYPE = "application/rss+xml; charset=utf-8"
LONG = "The ferry runs again, and the whole quay came to look at it as if it had never seen a boat before. " * 4
BODY = (
    '<figure><img src="https://a.example/ferry.jpg" alt="The ferry"></figure>'
    f'<p>{LONG}</p><p>{LONG}</p><p>Nobody cheered.</p><p>First published by <a href="https://a.example/ferry">A</a></p>'
)
ITEM = f"""<item><title>The harbour ferry runs again</title><link>https://a.example/ferry</link>
<guid isPermaLink="true">https://a.example/ferry</guid><description>{LONG}</description>
<content:encoded><![CDATA[{BODY}]]></content:encoded><pubDate>Mon, 23 Nov 2026 08:00:00 +0000</pubDate>
<atom:updated>2026-11-23T08:00:00+00:00</atom:updated><dc:creator>Ada Quill</dc:creator><dc:language>en</dc:language>
<category>Ships</category><media:content url="https://a.example/ferry.jpg" medium="image" type="image/jpeg" width="800"
height="600"><media:description>The ferry</media:description><media:credit>Ada Quill</media:credit></media:content>
<media:thumbnail url="https://a.example/ferry.jpg"/></item>"""
GOOD = f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/"
xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/"><channel><title>Harbour</title>
<link>https://a.example/</link><description>News</description><language>en</language>{ITEM}</channel></rss>"""
JSON = '{"version": "https://jsonfeed.org/version/1.1", "title": "Harbour", "language": "en", "items": []}'


def put(old: str, new: str) -> Callable[[str], str]:
    def change(feed: str) -> str:
        assert old in feed
        return feed.replace(old, new)

    return change


def body(html: str) -> Callable[[str], str]:
    return put(BODY, html)


def many(number: int, filler: str = "") -> Callable[[str], str]:
    """A feed of so many items, each with ids and words of its own."""
    items = (
        ITEM.replace("a.example/ferry<", f"a.example/ferry-{n}<").replace("cheered", f"cheered {filler}")
        for n in range(number)
    )
    return put(ITEM, "".join(items))


LINKS = "".join(f'<p><a href="https://b.example/{n}">Another story, number {n}</a></p>' for n in range(3))
# A rule, for whom it is an error (or advice, with "any"), and what makes a good feed one that the rule speaks of.
CASES: list[tuple[str, str, Callable[[str], str]]] = [
    ("format", "msn", put(GOOD, JSON)),
    ("utf-8", "any", put('encoding="UTF-8"', 'encoding="ISO-8859-1"')),
    ("guid-unique", "any", put(ITEM, ITEM + ITEM.replace("<link>https://a.example/ferry", "<link>https://a.example/2"))),
    ("link-unique", "wp-rss-aggregator", put(ITEM, ITEM + ITEM.replace('"true">https://a', '"false">https://b'))),
    ("language", "msn", put("<language>en</language>", "")),
    ("one-language", "msn", put("<dc:language>en<", "<dc:language>de-AT<")),
    ("size-msn", "msn", many(6, "x" * 1_800_000)),
    ("size", "any", many(3, "x" * 800_000)),
    ("count-flipboard", "flipboard", many(31)),
    ("count", "any", many(61)),
    ("guid", "any", put('<guid isPermaLink="true">https://a.example/ferry</guid>', "")),
    ("guid-url", "feedwordpress", put('"true">https://a.example/ferry<', '"false">ferry-7<')),
    ("guid-url", "feedwordpress", put('"true">https://a.example/ferry<', f'"true">https://a.example/{"f" * 240}<')),
    ("guid-https", "any", put('"true">https:', '"true">http:')),
    ("link", "any", put("<link>https://a.example/ferry</link>", "<link>/ferry</link>")),
    ("link-tracking", "smartnews", put("/ferry</link>", "/ferry?utm_source=rss</link>")),
    ("title", "any", put("<title>The harbour ferry runs again</title>", "")),
    ("title-plain", "any", put("ferry runs again</title>", "ferry &lt;i&gt;runs&lt;/i&gt; again</title>")),
    ("title-plain", "any", put("ferry runs again</title>", "ferry runs &amp;amp; sails</title>")),
    ("title-length", "msn", put("The harbour ferry runs again", "The ferry")),
    ("date", "any", put("Mon, 23 Nov 2026 08:00:00 +0000", "23.11.26 8:00")),
    ("date", "any", put("23 Nov 2026 08:00:00 +0000", "23 Nov 26 08:00:00 +0000")),
    ("date-recent", "msn", put("Mon, 23 Nov 2026", "Sat, 23 Nov 2024")),
    ("date-recent", "msn", put("Mon, 23 Nov 2026", "Mon, 30 Nov 2026")),
    ("modified", "smartnews", put("<atom:updated>2026-11-23T08:00:00+00:00</atom:updated>", "")),
    ("modified-later", "any", put("2026-11-23T08:00:00+00:00", "2026-11-22T08:00:00+00:00")),
    ("content", "newsbreak", put(f"<content:encoded><![CDATA[{BODY}]]></content:encoded>", "")),
    ("content", "flipboard", body(f'<img src="https://a.example/ferry.jpg"><p>{LONG[:100]}</p><p>More.</p>')),
    ("content-length", "msn", body('<img src="https://a.example/ferry.jpg"><p>It sails.</p><p>At six.</p>')),
    ("content-size", "any", put("Nobody cheered.", "x" * 1_000_001)),
    ("paragraphs", "msn", body(f'<p><img src="https://a.example/ferry.jpg">{LONG * 3}</p>')),
    ("back-link", "msn", put("<p>Nobody", '<p>See <a href="https://a.example/fares">fares</a>. Nobody')),
    ("link-run", "msn", put("<p>Nobody", f"{LINKS}<p>Nobody")),
    ("trailer", "apple", put("First published by <a", "<a")),
    ("trailer", "apple", put("A</a></p>", "A</a>, where it goes on […]</p>")),
    ("summary-plain", "any", put(f"<description>{LONG}", f"<description>&lt;b&gt;New&lt;/b&gt; {LONG}")),
    ("summary-length", "flipboard", put(f"<description>{LONG}", "<description>The ferry runs again.")),
    ("author", "any", put("<dc:creator>Ada Quill</dc:creator>", "")),
    ("category", "any", put("<category>Ships</category>", "")),
    ("picture-in-body", "wpematico", put("<figure><img", "<figure><i")),
    ("picture-described", "any", put(' width="800"', "")),
    ("picture-ending", "feedzy", put("https://a.example/ferry.jpg", "https://a.example/picture?id=7")),
    ("picture-width-400", "flipboard", put('width="800"', 'width="399"')),
    ("picture-width-500", "any", put('width="800"', 'width="499"')),
]  # fmt: skip


def found(feed: str, profile: str, kind: str = TYPE) -> tuple[Finding, ...]:
    declared = "iso-8859-1" if "ISO-8859-1" in feed else "utf-8"
    return lint(feed.encode(declared, "xmlcharrefreplace"), profile, NOW, kind)


ODD = (
    "",
    "https://[li/ferry",
    "//",
    "-0000",
    "Mon, 32 Nov 2026 08:00:00 +0000",
    "2026-02-30T08:00:00Z",
    "é" * 300,
    "[…]",
)


@given(st.lists(st.sampled_from(ODD) | st.text(max_size=20), min_size=8, max_size=8), st.sampled_from(sorted(PROFILES)))
def test_nothing_is_too_odd_to_be_looked_at(values: list[str], profile: str):
    """Whatever stands in addresses, dates and texts, a feed gets findings and no failure."""
    names = ("guid", "link", "title", "pubDate", "updated", "encoded", "url", "href")
    odd = dict(zip(names, map(escape, values), strict=True))
    body = BODY.replace("https://a.example/ferry", odd["href"])
    item = (
        f"<item><guid>{odd['guid']}</guid><link>{odd['link']}</link><title>{odd['title']}</title>"
        f"<pubDate>{odd['pubDate']}</pubDate><atom:updated>{odd['updated']}</atom:updated>"
        f"<content:encoded>{odd['encoded']} {escape(body)}</content:encoded>"
        f'<media:content url="{odd["url"]}"/></item>'
    )
    assert {one.level for one in found(GOOD.replace(ITEM, item), profile)} <= {"error", "advice"}


def test_a_date_without_a_zone_is_one_of_utc():
    """ "-0000" says that the zone is not known (RFC 5322), and is compared all the same."""
    assert found(GOOD.replace("08:00:00 +0000", "08:00:00 -0000"), "msn") == ()


@pytest.mark.parametrize("profile", sorted(PROFILES))
def test_a_good_feed_passes_everywhere(profile: str):
    """Nothing is said of a feed that has what each importer asks for, whoever looks."""
    assert found(GOOD, profile) == ()


@pytest.mark.parametrize(
    ("rule", "profile", "change"), CASES, ids=lambda value: value if isinstance(value, str) else ""
)
def test_what_is_wrong_is_found(rule: str, profile: str, change: Callable[[str], str]):
    """Each rule speaks of a feed that breaks it, and names itself, the element and the item."""
    named = {finding.rule: finding for finding in found(change(GOOD), profile)}
    assert rule in named
    assert named[rule].element
    assert named[rule].said
    errors = next(one.errors for one in (*_FEED_RULES, *_ITEM_RULES) if one.name == rule)
    assert named[rule].level == ("error" if profile in errors else "advice")


def test_pictures_and_names_are_asked_for():
    """Who wants a name or a picture says so where there is neither; where one of them stands, all is well."""
    nameless = GOOD.replace("<dc:creator>Ada Quill</dc:creator>", "")
    assert "author-or-credit" not in {one.rule for one in found(nameless, "newsbreak")}
    bare = nameless.replace(ITEM[ITEM.index("<media:content") : ITEM.index("</item>")], "").replace("<img", "<i")
    assert {"author-or-credit", "picture"} <= {one.rule for one in found(bare, "newsbreak") if one.level == "error"}


def test_what_a_feed_is_served_as_counts_for_some():
    """SmartNews takes XML types only; who looks into a file is told nothing of types."""
    assert [one.level for one in found(GOOD, "smartnews", "text/html")] == ["error"]
    assert [one.level for one in found(GOOD, "any", "text/html")] == ["advice"]
    assert found(GOOD, "smartnews", "") == ()


def test_every_rule_is_shown_to_speak():
    """No rule is without a feed that breaks it."""
    elsewhere = {"content-type", "author-or-credit", "picture"}
    assert {rule for rule, _, _ in CASES} | elsewhere == {one.name for one in (*_FEED_RULES, *_ITEM_RULES)}


def test_errors_come_first():
    """What an importer refuses stands before what it shows badly."""
    levels = [
        one.level
        for one in found(GOOD.replace("<title>The harbour ferry runs again</title>", "").replace("Ships", ""), "msn")
    ]
    assert levels == sorted(levels, reverse=True)
    assert len(set(levels)) == 2


@pytest.mark.parametrize(
    "feed",
    [
        "",
        "no feed",
        "<rss><channel>",
        "<html/>",
        "<rss/>",
        '{"version": 1}',
        "{",
        '{"version": "https://jsonfeed.org/version/1.1"}',
        "[" * 100_000,
        "{" * 100_000,
    ],
)
def test_what_can_not_be_read_is_one_finding(feed: str):
    """A document that is no feed, or is broken, is one error that says so."""
    [finding] = found(feed, "any")
    assert (finding.level, finding.rule) == ("error", "readable")


def test_atom_and_json_are_read_alike():
    """An article in Atom (escaped or as XHTML) and in JSON Feed is judged by the same rules as in RSS."""
    atom = f"""<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>Harbour</title>
    <entry><id>https://a.example/f</id>
    <title>The harbour ferry runs again</title><link href="https://a.example/f"/>
    <published>2026-11-23T08:00:00Z</published><updated>2026-11-23T09:00:00.5+01:00</updated>
    <author><name>Ada</name></author><category term="Ships"/><summary>{LONG}</summary>
    <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>{LONG}</p><p>{LONG}</p></div></content>
    </entry></feed>"""
    assert found(atom, "msn", "application/atom+xml") == ()
    late = found(atom.replace("09:00:00.5+01:00", "09:00:00.5+02:00"), "any", "application/atom+xml")
    assert [one.rule for one in late] == ["modified-later"]
    item = {
        "id": "https://a.example/f",
        "url": "https://a.example/f",
        "title": "The harbour ferry runs again",
        "tags": ["Ships"],
        "date_published": "2026-11-23T08:00:00Z",
        "date_modified": "2026-11-23T08:00:00Z",
        "authors": [{"name": "Ada"}],
        "summary": LONG,
        "content_html": f"<p>{LONG}</p><p>It sails.</p>",
    }
    items = [item, {"id": "gone", "_syndicate": {"status": "withdrawn"}}]
    assert found(JSON.replace("[]", json.dumps(items)), "any", "application/feed+json") == ()
