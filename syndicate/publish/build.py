"""A topic's articles -> its feed in every format, checked. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from operator import itemgetter

from syndicate.formats import archive_path, feed_path
from syndicate.model import FEED_FORMATS, FeedFormat, Published, Tombstone, TopicSpec
from syndicate.publish.check import check
from syndicate.render import Feed, Item, render
from syndicate.settings import Settings


@dataclass(frozen=True, slots=True)
class Built:
    """A feed, the articles that it holds, and its bytes in every format.

    `oversized` are ids of articles that were too large for it after all.
    """

    feed: Feed
    articles: tuple[Published, ...]
    bodies: Mapping[FeedFormat, bytes]
    oversized: tuple[str, ...] = ()


def build(
    topic: TopicSpec,
    articles: tuple[Published, ...],
    publishers: Mapping[str, str],
    settings: Settings,
    withdrawn: tuple[Tombstone, ...] = (),
    archive_pages: int = 0,
) -> Built:
    """Render a topic's feed in every format and check each one.

    `publishers` gives each source's title by its key, `withdrawn` what is to be told of withdrawn articles, but for
    those that are among the articles: these were revived while we read. Should a format come out larger than
    `settings.publish.feed_bytes`, an article that takes more than half of that is left out of all of them, and where
    there is none the oldest are, so that every format holds the same. Raises PublishError.
    """
    limit = settings.publish.feed_bytes
    oversized: list[str] = []
    while True:
        items = tuple(Item.of(one, publishers.get(one.article.source, "")) for one in articles)
        shown = {item.id for item in items}
        told = tuple(stone for stone in withdrawn if stone.guid not in shown)
        feed = feed_of(topic, items, settings, told, archive_pages)
        bodies = {name: render(feed, name) for name in FEED_FORMATS}
        name = max(bodies, key=lambda one: len(bodies[one]))
        largest = len(bodies[name])
        if largest <= limit or not items:
            break
        heaviest, size = _heaviest(feed, name)
        if 2 * size > limit:
            oversized.append(articles[heaviest].article.id)
            articles = articles[:heaviest] + articles[heaviest + 1 :]
        else:
            articles = articles[: min(len(items) - 1, len(items) * limit // largest)]
    for name, body in bodies.items():
        check(feed, name, body)
    return Built(feed, articles, bodies, tuple(oversized))


def _heaviest(feed: Feed, name: FeedFormat) -> tuple[int, int]:
    """The position of the feed's largest article in one format, and how many bytes a feed of it alone takes."""
    sizes = [len(render(replace(feed, items=(item,), withdrawn=()), name)) for item in feed.items]
    return max(enumerate(sizes), key=itemgetter(1))


def feed_of(
    topic: TopicSpec,
    items: tuple[Item, ...],
    settings: Settings,
    withdrawn: tuple[Tombstone, ...] = (),
    archive_pages: int = 0,
) -> Feed:
    """The topic's feed as the settings present it; all its addresses begin with the configured public URL."""
    base = settings.public_url
    return Feed(
        key=topic.key,
        title=f"{topic.title} – {settings.title}" if settings.title else topic.title,
        description=topic.description or settings.description,
        language=topic.language or settings.language,
        home=f"{base}/",
        links={name: base + feed_path(topic.key, name) for name in FEED_FORMATS},
        updated=Feed.newest(items, withdrawn),
        items=items,
        withdrawn=withdrawn,
        publisher=settings.title,
        rights=settings.terms,
        contact=settings.contact,
        hub=settings.hub_url,
        older=archive_links(topic, archive_pages, settings),
    )


def archive_links(topic: TopicSpec, page: int, settings: Settings) -> dict[FeedFormat, str]:
    """The address of a page of the topic's archive in each format; none of page 0, which is none."""
    return {name: settings.public_url + archive_path(topic.key, page, name) for name in FEED_FORMATS if page}


def etag_of(body: bytes) -> str:
    """The entity tag of these bytes, without quotes: equal bytes, equal tag, on every machine."""
    return sha256(body).hexdigest()[:32]
