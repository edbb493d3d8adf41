"""Profiles: in what an importer needs its feed otherwise than the public one is, and the editions made so. Pure.

`publish.lint` has the same importers, and tells what they think of a feed; what it finds and rendering can mend is
mended here. What only the article's owner could mend (a picture that is missing, a body that is too short) stays.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from syndicate.errors import PublishError
from syndicate.formats import partner_path
from syndicate.model import FEED_FORMATS, FeedFormat
from syndicate.normalize.urls import host_of, link_key
from syndicate.publish.check import check
from syndicate.publish.lint.body import ending_in_words, linked_later
from syndicate.records_served import Contract
from syndicate.render import Feed, Item, render
from syndicate.render.withdrawal import Form
from syndicate.text import shorten

PLAIN = "plain"
NOBODY = "-"  # the key of the partner for whom editions are made, which can be nobody's


@dataclass(frozen=True, slots=True)
class Profile:
    """An importer, and what it needs; 0 or "" where it needs nothing else than all do.

    `gone` is how it hears of what was withdrawn where it is deaf to at:deleted-entry. It takes `items` articles at
    most, titles of `title` characters, pictures that are `width` pixels wide at least, articles of the last `days`
    days, and, if it is `monolingual`, only those in the feed's language. One that is `by_link` takes what has another's
    link for a copy of it. Links to where an article comes from may stand below its first `unlinked` paragraphs only,
    and, if it is `wary` of trailers, not alone at the end.
    """

    name: str
    gone: Form | None = None
    items: int = 0
    title: int = 0
    width: int = 0
    days: int = 0
    monolingual: bool = False
    by_link: bool = False
    unlinked: int = 0
    wary: bool = False


PROFILES: Mapping[str, Profile] = {
    PLAIN: Profile("as the public feeds are"),
    "apple": Profile("Apple News", wary=True),
    "feedwordpress": Profile("FeedWordPress"),
    "feedzy": Profile("Feedzy"),
    "flipboard": Profile("Flipboard", items=30, width=400),
    "goo": Profile("goo", gone="goo"),
    "gunosy": Profile("Gunosy", gone="gunosy"),
    "line": Profile("LINE", gone="line"),
    "msn": Profile("MSN partner hub", gone="msn", title=150, days=364, monolingual=True, unlinked=3),
    "newsbreak": Profile("NewsBreak"),
    "smartnews": Profile("SmartNews", gone="smartnews"),
    "wp-rss-aggregator": Profile("WP RSS Aggregator", by_link=True),
    "wpematico": Profile("WPeMatico"),
}


def edition(feed: Feed, contract: Contract, base: str) -> dict[FeedFormat, bytes]:
    """A topic's public feed as a contract has it, in every format, checked; the addresses in it are `NOBODY`'s.

    `base` is the public URL. Raises PublishError.
    """
    name, most = contract
    profile = PROFILES.get(name)
    if profile is None:
        raise PublishError(f"{feed.key}: profile {name!r} is unknown to this program")
    links = {form: base + partner_path(NOBODY, feed.key, form) for form in FEED_FORMATS}
    bodies = {}
    for form in FEED_FORMATS:
        shown = replace(under(profile, feed, form, most), links=links)
        bodies[form] = render(shown, form)
        check(shown, form, bodies[form])
    return bodies


def under(profile: Profile, feed: Feed, format_: FeedFormat, most: int = 0) -> Feed:
    """The feed as the importer needs it, with `most` articles at most (0: as many as it takes).

    No clock is asked: as old as its articles are when the feed was updated, they are at least.
    """
    limit = min(filter(None, (profile.items, most)), default=None)
    taken = [item for item in feed.items if _takes(profile, feed, item)][:limit]
    items = tuple(_fitted(profile, item) for item in (_linked_apart(taken) if profile.by_link else taken))
    withdrawn = feed.withdrawn
    if profile.gone and format_ != "json":  # which says it in its own way
        told = (Item.withdrawing(stone, profile.gone, feed.language) for stone in withdrawn)
        items = tuple(sorted((*told, *items), key=lambda item: item.published, reverse=True))
        withdrawn = ()
    # Hub and archive are the public feed's: who subscribes or reads there proves no token, and gets another profile.
    changed = replace(feed, items=items, withdrawn=withdrawn, updated=Feed.newest(items, withdrawn))
    return replace(changed, hub="", older={}, newer={}, current={})


def addressed(body: bytes, format_: FeedFormat, topic: str, partner: str) -> bytes:
    """An edition with the partner's own address in the place of nobody's: in its head, which comes first."""
    nobody, own = (partner_path(key, topic, format_).encode() for key in (NOBODY, partner))
    return body.replace(nobody, own, 2 if format_ == "atom" else 1)  # Atom's id is its address, too


def _takes(profile: Profile, feed: Feed, item: Item) -> bool:
    """Whether the importer would take an article at all."""
    if profile.days and feed.updated - item.published > timedelta(days=profile.days):
        return False
    if profile.monolingual and item.language and feed.language:
        return _tongue(item) == _tongue(feed)
    return True


def _tongue(of: Feed | Item) -> str:
    return of.language.partition("-")[0].lower()


def _linked_apart(items: Iterable[Item]) -> Iterator[Item]:
    """The articles with links that differ: where another has it already, the article's own address leads there, too."""
    seen = set()
    for item in items:
        key = link_key(item.link)
        yield replace(item, link=item.id) if key in seen else item
        seen.add(key)


def _fitted(profile: Profile, item: Item) -> Item:
    """An article as the importer takes it."""
    title = shorten(item.title, profile.title) if profile.title else item.title
    images = tuple(image for image in item.images if not image.width or image.width >= profile.width)
    home = host_of(item.link) if profile.unlinked else ""
    html = linked_later(item.html, home, profile.unlinked) if home else item.html
    html = ending_in_words(html, item.link) if profile.wary else html
    return replace(item, title=title, images=images, html=html)
