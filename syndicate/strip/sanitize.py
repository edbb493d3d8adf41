"""The last step: only markup that is safe and useful in a partner's page leaves this room.

nh3 decides, by a list of what is allowed. It comes after everything else so that nothing can be put together
behind its back. Its time grows with depth as well as with size: `Document` has capped both before.
"""

import re
from functools import cache
from urllib.parse import urlsplit

import nh3
from lxml.html import HtmlElement
from lxml.html import builder as make

TAGS = frozenset(
    "a abbr b blockquote br caption cite code col colgroup dd del details dfn div dl dt em figcaption figure h1 h2 h3 h4 "
    "h5 h6 hr i img ins kbd li mark ol p pre q rp rt ruby s samp small span strong sub summary sup table tbody td tfoot th "
    "thead time tr u ul var wbr audio video source".split()
)
_MEDIA = {"src", "controls", "type", "poster", "width", "height"}
ATTRIBUTES = {
    "*": {"lang", "dir", "title"},
    "a": {"href"},
    "abbr": {"title"},
    "audio": _MEDIA,
    "blockquote": {"cite"},
    "col": {"span"},
    "del": {"datetime", "cite"},
    "img": {"src", "alt", "width", "height", "srcset", "sizes"},
    "ins": {"datetime", "cite"},
    "li": {"value"},
    "ol": {"start", "reversed", "type"},
    "q": {"cite"},
    "source": {"src", "type", "srcset", "media", "sizes"},
    "td": {"colspan", "rowspan", "headers"},
    "th": {"colspan", "rowspan", "headers", "scope"},
    "time": {"datetime"},
    "video": _MEDIA,
}
SCHEMES = frozenset({"http", "https", "mailto", "tel"})
EMBED_HOSTS = frozenset(
    "youtube.com youtube-nocookie.com youtu.be vimeo.com dailymotion.com soundcloud.com spotify.com bandcamp.com "
    "twitter.com x.com instagram.com facebook.com tiktok.com bsky.app google.com openstreetmap.org datawrapper.dwcdn.net "
    "flourish.studio scribd.com documentcloud.org archive.org ted.com twitch.tv rumble.com odysee.com streamable.com "
    "apple.com mixcloud.com slideshare.net speakerdeck.com codepen.io jsfiddle.net bitchute.com vk.com rutube.ru ok.ru "
    "bilibili.com nicovideo.jp niconico.jp naver.com peertube.tv giphy.com reddit.com redditmedia.com".split()
)
_EMBED = re.compile(r"^(?:www|player|w|open|embed|m|maps|platform|docs|podcasts|e|widget|clips)\.")


@cache
def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(TAGS),
        clean_content_tags={"script", "style", "noscript", "template", "svg", "math", "iframe", "object", "embed"},
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        url_schemes=set(SCHEMES),
        link_rel="noopener noreferrer",
        strip_comments=True,
    )


def sanitize(html: str) -> str:
    """Return the HTML with only what is allowed; running it again changes nothing."""
    return _cleaner().clean(html).strip()


def embed_link(element: HtmlElement) -> HtmlElement | None:
    """Return a paragraph that links to what an iframe of a well-known host shows, or None for any other frame."""
    source = element.get("src") or element.get("data-src") or ""
    url = "https:" + source if source.startswith("//") else source
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    host = _EMBED.sub("", (parts.hostname or "").lower())
    if parts.scheme not in {"http", "https"} or host not in EMBED_HOSTS:
        return None
    link = make.A(element.get("title") or host, href=_watchable(url))
    return make.P(link)


def _watchable(url: str) -> str:
    """Turn a player's address into that of the page a person would open, where the two differ by rule."""
    found = re.match(r"https?://(?:www\.)?youtube(?:-nocookie)?\.com/embed/([\w-]{6,})", url)
    if found:
        return f"https://www.youtube.com/watch?v={found[1]}"
    found = re.match(r"https?://player\.vimeo\.com/video/(\d+)", url)
    return f"https://vimeo.com/{found[1]}" if found else url
