"""Rules about a feed as a whole: what importers' documentation and source ask of it, one small function each. Pure.

A rule gives what is wrong, in a few words that follow the element's name: "is missing, expected ...".
"""

from collections import Counter
from collections.abc import Callable, Iterator

from syndicate.normalize.urls import link_key
from syndicate.publish.lint.seen import SeenFeed

FeedRule = Callable[[SeenFeed], Iterator[str]]

_XML_TYPES = frozenset({"application/rss+xml", "application/xml", "text/xml", "application/atom+xml"})
_MEGABYTE = 1_000_000


def ids_differ(feed: SeenFeed) -> Iterator[str]:
    """No two items have one id: the second would overwrite the first."""
    yield from (
        f"{id_!r} stands {n} times" for id_, n in Counter(one.id for one in feed.items if one.id).items() if n > 1
    )


def links_differ(feed: SeenFeed) -> Iterator[str]:
    """No two items have one address: WP RSS Aggregator would take one of them for a copy."""
    links = Counter(link_key(one.link) for one in feed.items if one.link)
    yield from (f"{link!r} stands {number} times" for link, number in links.items() if number > 1)


def has_language(feed: SeenFeed) -> Iterator[str]:
    """The feed says which language it is in."""
    if not feed.language:
        yield "is missing, expected a tag such as 'en'"


def has_one_language(feed: SeenFeed) -> Iterator[str]:
    """All articles are in one language, that of the feed."""
    spoken = Counter(tag.lower().partition("-")[0] for tag in (feed.language, *(i.language for i in feed.items)) if tag)
    if len(spoken) > 1:
        yield f"items are in {', '.join(sorted(spoken))}, expected one language a feed"


def is_at_most(megabytes: int) -> FeedRule:
    """Make the rule that a feed has at most so many megabytes."""

    def rule(feed: SeenFeed) -> Iterator[str]:
        if feed.size > megabytes * _MEGABYTE:
            yield f"has {feed.size / _MEGABYTE:.1f} MB, expected at most {megabytes}"

    return rule


def holds_at_most(number: int) -> FeedRule:
    """Make the rule that a feed has at most so many items."""

    def rule(feed: SeenFeed) -> Iterator[str]:
        if len(feed.items) > number:
            yield f"holds {len(feed.items)} items, expected at most {number}"

    return rule


def is_xml(feed: SeenFeed) -> Iterator[str]:
    """The importer reads RSS and Atom, not JSON Feed."""
    if feed.format == "json":
        yield "is JSON Feed, expected RSS or Atom"


def is_served_as_feed(feed: SeenFeed) -> Iterator[str]:
    """The media type that it was served as is one of a feed."""
    kind = feed.content_type.partition(";")[0].strip().lower()
    if kind and feed.format != "json" and kind not in _XML_TYPES:
        yield f"is {kind!r}, expected one of {', '.join(sorted(_XML_TYPES))}"


def is_utf8(feed: SeenFeed) -> Iterator[str]:
    """It is in UTF-8."""
    if feed.encoding.lower() not in {"utf-8", "utf8", "us-ascii", "ascii"}:
        yield f"is {feed.encoding}, expected UTF-8"
