"""Feeds as bytes: one value in, RSS 2.0, Atom 1.0 or JSON Feed 1.1 out. Pure: equal feeds give equal bytes."""

from collections.abc import Callable, Mapping

from syndicate.model import FeedFormat
from syndicate.render.atom import atom
from syndicate.render.json_feed import json_feed
from syndicate.render.rss import rss
from syndicate.render.values import EPOCH, Feed, Item

__all__ = ["EPOCH", "Feed", "Item", "render"]

_WRITERS: Mapping[FeedFormat, Callable[[Feed], bytes]] = {"rss": rss, "atom": atom, "json": json_feed}


def render(feed: Feed, format: FeedFormat) -> bytes:  # noqa: A002 - the whole house says `format` for rss, atom, json
    """The feed in one format, UTF-8. The same feed always gives the same bytes."""
    return _WRITERS[format](feed)
