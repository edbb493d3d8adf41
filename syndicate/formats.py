"""The formats of feeds on the web: what each is called, and where a feed is found. Pure."""

import re
import string
from collections.abc import Mapping
from urllib.parse import quote

from syndicate.model import FEED_FORMATS, FeedFormat

MEDIA_TYPES: Mapping[FeedFormat, str] = {
    "rss": "application/rss+xml",
    "atom": "application/atom+xml",
    "json": "application/feed+json",
}
HUB_PATH = "/hub"
CALLBACK_PATH = "/hub/callback/"  # where the hubs of sources find us; what follows tells them apart
_FEED_PATH = re.compile(rf"/feeds/[^/]+\.(?:{'|'.join(FEED_FORMATS)})")


def feed_path(topic: str, format_: str) -> str:
    """The public path of a feed."""
    return f"/feeds/{topic}.{format_}"


def content_type(format_: FeedFormat) -> str:
    """What a feed is served and pushed as."""
    return f"{MEDIA_TYPES[format_]}; charset=utf-8"


def link_header(hub: str, own: str) -> str:
    """The value of the header that names a feed's hub and its own address (WebSub, section 4)."""
    return f'<{ascii_address(hub)}>; rel="hub", <{ascii_address(own)}>; rel="self"'


def ascii_address(url: str) -> str:
    """The address as a header can hold it: the house's own may have letters that are not ASCII."""
    return quote(url, safe=string.punctuation)


def partner_path(partner: str, topic: str, format_: str) -> str:
    """The path of a partner's own feed."""
    return f"/p/{partner}/{topic}.{format_}"


def archive_path(topic: str, page: int, format_: str) -> str:
    """The public path of a page of a feed's archive."""
    return f"/feeds/{topic}/archive/{page}.{format_}"


def is_feed_path(path: str) -> bool:
    """Whether this is the path of a public feed, be there such a feed or not."""
    return _FEED_PATH.fullmatch(path) is not None
