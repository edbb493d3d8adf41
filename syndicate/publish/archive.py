"""A page of a topic's archive (RFC 5005) as it is shown: the items that its feed had, in the same looks. Pure."""

from collections.abc import Mapping
from dataclasses import replace

from syndicate.model import TopicSpec
from syndicate.publish.build import archive_links, feed_of
from syndicate.publish.select import weight
from syndicate.records import ArchivePage
from syndicate.render import Feed, Item
from syndicate.settings import Settings


def archive_of(topic: TopicSpec, page: ArchivePage, publishers: Mapping[str, str], settings: Settings) -> Feed:
    """The page's feed document; what is too large for any feed is on no page either.

    `publishers` gives each source's title by its key.
    """
    limit = settings.publish.feed_bytes
    shown = [one for one in page.articles if 2 * weight(one) <= limit]
    items = tuple(Item.of(one, publishers.get(one.article.source, "")) for one in shown)
    feed = feed_of(topic, items, settings, page.withdrawn)
    return replace(
        feed,
        links=archive_links(topic, page.number, settings),
        older=archive_links(topic, page.number - 1, settings),
        newer=archive_links(topic, page.number + 1 if page.number < page.last else 0, settings),
        current=feed.links,
        hub="",  # which pushes the feed alone
    )
