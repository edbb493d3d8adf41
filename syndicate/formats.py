"""The formats of feeds on the web: what each is called, and where a feed is found. Pure."""

import re
from collections.abc import Mapping

from syndicate.model import FEED_FORMATS, FeedFormat

MEDIA_TYPES: Mapping[FeedFormat, str] = {
    "rss": "application/rss+xml",
    "atom": "application/atom+xml",
    "json": "application/feed+json",
}
_FEED_PATH = re.compile(rf"/feeds/[^/]+\.(?:{'|'.join(FEED_FORMATS)})")


def feed_path(topic: str, format_: str) -> str:
    """The public path of a feed."""
    return f"/feeds/{topic}.{format_}"


def is_feed_path(path: str) -> bool:
    """Whether this is the path of a public feed, be there such a feed or not."""
    return _FEED_PATH.fullmatch(path) is not None
