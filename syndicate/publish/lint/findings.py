"""Importers, which rules each of them has, and what these find in a feed. Pure.

Gathered from the importers' documentation and source; `any` is what all of them are glad of.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any, Generic, Literal, TypeVar

from syndicate.errors import UnreadableError
from syndicate.publish.lint import of_feeds as f
from syndicate.publish.lint import of_items as i
from syndicate.publish.lint.body import body_of
from syndicate.publish.lint.seen import SeenFeed, see

Level = Literal["error", "advice"]

PROFILES: Mapping[str, str] = {
    "any": "any importer",
    "apple": "Apple News",
    "feedwordpress": "FeedWordPress",
    "feedzy": "Feedzy",
    "flipboard": "Flipboard",
    "msn": "MSN partner hub",
    "newsbreak": "NewsBreak",
    "smartnews": "SmartNews",
    "wp-rss-aggregator": "WP RSS Aggregator",
    "wpematico": "WPeMatico",
}
_ALL = frozenset(PROFILES)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found: the element it is about, whose it is (an item's title or id, "" for the feed's), and what."""

    level: Level
    rule: str
    element: str
    item: str
    said: str


_Check = TypeVar("_Check")


@dataclass(frozen=True, slots=True)
class _Rule(Generic[_Check]):
    """A rule with its name, its element, and for whom it is an error; for all others it is advice, or nothing."""

    name: str
    element: str
    check: _Check
    errors: frozenset[str] = frozenset()
    advises: bool = True


def _for(*profiles: str) -> frozenset[str]:
    return frozenset(profiles)


_FEED_RULES: tuple[_Rule[f.FeedRule], ...] = (
    _Rule("format", "feed", f.is_xml, _ALL - {"any"}, advises=False),
    _Rule("content-type", "Content-Type", f.is_served_as_feed, _for("smartnews")),
    _Rule("utf-8", "encoding", f.is_utf8, _ALL),
    _Rule("guid-unique", "guid", f.ids_differ, _ALL),
    _Rule("link-unique", "link", f.links_differ, _for("wp-rss-aggregator")),
    _Rule("language", "language", f.has_language, _for("msn")),
    _Rule("one-language", "language", f.has_one_language, _for("msn"), advises=False),
    _Rule("size-msn", "feed", f.is_at_most(10), _for("msn"), advises=False),
    _Rule("size", "feed", f.is_at_most(2)),
    _Rule("count-flipboard", "feed", f.holds_at_most(30), _for("flipboard"), advises=False),
    _Rule("count", "feed", f.holds_at_most(60)),
)
_ITEM_RULES: tuple[_Rule[i.ItemRule], ...] = (
    _Rule("guid", "guid", i.has_id, _ALL),
    _Rule("guid-url", "guid", i.id_is_address, _for("feedwordpress")),
    _Rule("guid-https", "guid", i.id_is_secure),
    _Rule("link", "link", i.has_link, _ALL),
    _Rule("link-tracking", "link", i.link_is_clean, _for("smartnews")),
    _Rule("title", "title", i.has_title, _ALL),
    _Rule("title-plain", "title", i.title_is_plain, _ALL),
    _Rule("title-length", "title", i.title_is_between(21, 150), _for("msn"), advises=False),
    _Rule("date", "pubDate", i.date_is_whole, _ALL),
    _Rule("date-recent", "pubDate", i.date_is_of_this_year, _for("msn"), advises=False),
    _Rule("modified", "updated", i.has_modified, _for("msn", "smartnews", "feedwordpress")),
    _Rule("modified-later", "updated", i.modified_is_later, _ALL),
    _Rule("content", "content:encoded", i.has_content, _for("newsbreak", "flipboard", "msn")),
    _Rule("content-length", "content:encoded", i.content_is_between(450, 500_000), _for("msn"), advises=False),
    _Rule("content-size", "content:encoded", i.content_is_at_most_a_megabyte),
    _Rule("paragraphs", "content:encoded", i.content_has_paragraphs, _for("msn")),
    _Rule("back-link", "content:encoded", i.original_is_linked_last, _for("msn")),
    _Rule("link-run", "content:encoded", i.links_are_apart, _for("msn")),
    _Rule("trailer", "content:encoded", i.ends_in_no_trailer, _for("apple")),
    _Rule("summary-plain", "description", i.summary_is_plain),
    _Rule("summary-length", "description", i.summary_has(300), _for("flipboard"), advises=False),
    _Rule("author", "dc:creator", i.has_author),
    _Rule("author-or-credit", "dc:creator", i.has_author_or_credit, _for("newsbreak"), advises=False),
    _Rule("category", "category", i.has_category),
    _Rule("picture", "media:content", i.has_picture, _for("newsbreak", "flipboard"), advises=False),
    _Rule("picture-in-body", "media:content", i.picture_is_in_body, _for("wpematico")),
    _Rule("picture-described", "media:content", i.pictures_are_described),
    _Rule("picture-ending", "media:content", i.pictures_are_named_so, _for("feedzy"), advises=False),
    _Rule("picture-width-400", "media:content", i.pictures_are_wide(400), _for("flipboard"), advises=False),
    _Rule("picture-width-500", "media:content", i.pictures_are_wide(500)),
)


def lint(body: bytes, profile: str, now: datetime, content_type: str = "") -> tuple[Finding, ...]:
    """Give what an importer (a key of PROFILES) would refuse or miss in a feed: errors first, in the rules' order.

    `content_type` is what the feed was served as, "" where it was not. A feed that can't be read is one finding.
    """
    try:
        feed = see(body, content_type)
    except UnreadableError as error:
        return (Finding("error", "readable", "feed", "", str(error)),)
    found = chain(_of_feed(feed, profile), _of_items(feed, profile, now))
    return tuple(sorted(found, key=lambda one: one.level != "error"))


def _of_feed(feed: SeenFeed, profile: str) -> Iterator[Finding]:
    for rule in _FEED_RULES:
        if level := _level(rule, profile):
            yield from (Finding(level, rule.name, rule.element, "", said) for said in rule.check(feed))


def _of_items(feed: SeenFeed, profile: str, now: datetime) -> Iterator[Finding]:
    looks = [i.Look(item, body_of(item.html), feed, now) for item in feed.items]
    for rule in _ITEM_RULES:
        if level := _level(rule, profile):
            for look in looks:
                name = look.item.title or look.item.id or look.item.link
                yield from (Finding(level, rule.name, rule.element, name, said) for said in rule.check(look))


def _level(rule: _Rule[Any], profile: str) -> Level | None:
    if profile in rule.errors:
        return "error"
    return "advice" if rule.advises else None
