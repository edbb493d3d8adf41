"""What a player's frame shows, as a link: to which page it leads, and what it is called."""

import re
from urllib.parse import parse_qs, urlsplit

from lxml.html import HtmlElement
from lxml.html import builder as make

from syndicate.normalize.tree import text_of
from syndicate.normalize.urls import clean
from syndicate.strip.links import PLAYER, markup
from syndicate.strip.words import bare, fold
from syndicate.text import plain, unescape

_YOUTUBE = re.compile(r"https?://(?:www\.)?youtube(?:-nocookie)?\.com/(?:embed|v)/([\w-]{6,})")
# Elements that a script makes players of, when somebody clicks.
PLAYERS = {
    "lite-youtube": "https://www.youtube.com/embed/{}", "amp-youtube": "https://www.youtube.com/embed/{}",
    "lite-vimeo": "https://player.vimeo.com/video/{}", "amp-vimeo": "https://player.vimeo.com/video/{}",
}  # fmt: skip
_WRAPPER = re.compile(r"https?://cdn\.(?:embedly\.com/widgets/|iframe\.ly/)", re.IGNORECASE)
_VIMEO = re.compile(r"https?://player\.vimeo\.com/video/(\d+)")
# A post on any of the servers that speak with Mastodon.
_POST = re.compile(r"(?P<page>https://(?P<host>[\w.-]{4,80})/@[\w.@-]{1,80}/\d{6,30})/embed/?(?:\?\S*)?")
# Bandcamp's code, and others', holds nothing but a link to the page of what is played.
_PAGE = re.compile(
    r"""\s*<a\b[^<>]*?\bhref=["'](https?://[^"'<>\s]+)["'][^<>]*>(.{2,300}?)</a>\s*""", re.DOTALL | re.IGNORECASE
)
_EMBEDDED = "wp-embedded-content"
_LONGEST_FALLBACK = 1_000  # characters


def embed_link(element: HtmlElement) -> tuple[HtmlElement, bool] | None:
    """Return a paragraph that links to what a frame of a well-known host shows, or None for any other frame.

    It is marked, so that nobody judges it by its words. With it comes whether it is what stood inside the frame.
    """
    source = _source(element)
    url = _wrapped("https:" + source if source.startswith("//") else source)
    post = _POST.fullmatch(url)
    host = _known(url) or (post["host"] if post else "")
    if not host:
        return None
    address, label = _page(element) if url.endswith(source) else ("", "")  # a wrapper's own page is none
    link = make.A(
        label or _title(element.get("title") or element.get("playlabel") or "") or host, href=address or _watchable(url)
    )
    return make.P({PLAYER: ""}, link), bool(label)


def _source(element: HtmlElement) -> str:
    """Return the address of what a frame shows."""
    if name := element.get("videoid") or element.get("data-videoid"):
        return PLAYERS.get(element.tag, "").format(name)
    return element.get("src") or element.get("data-src") or element.get("data") or ""


def mark_page(quote: HtmlElement) -> None:
    """Mark the link to a page that WordPress shows in a frame, so that nobody judges it by its words."""
    link = next(quote.iter("a"), None) if _EMBEDDED in quote.get("class", "") else None
    if link is not None and text_of(link) == text_of(quote):
        for holder in (quote, link.getparent()):
            holder.set(PLAYER, "")


def _known(url: str) -> str:
    """Return the well-known host that a frame's address belongs to, "" for any other, and for mere buttons."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    labels, known = (parts.hostname or "").lower().split("."), markup()
    host = next((name for at in range(len(labels)) if (name := ".".join(labels[at:])) in known.embeds), "")
    return host if parts.scheme in {"http", "https"} and not known.buttons.search(url.lower()) else ""


def _wrapped(url: str) -> str:
    """Return the address of the player that a service shows in a frame of its own (Medium's), else the address."""
    found = parse_qs(url.partition("?")[2]) if _WRAPPER.match(url) else {}
    return next((inner for name in ("src", "url") for inner in found.get(name, ()) if _known(inner)), url)


def _page(element: HtmlElement) -> tuple[str, str]:
    """Return address and text of the link that is all that a frame says to who does not see it."""
    inside = "".join(element.itertext())  # markup in a frame is text to the parser
    if len(inside) > _LONGEST_FALLBACK:
        return "", ""
    found = _PAGE.fullmatch(unescape(inside))
    label = plain(found[2]) if found else ""
    return (clean(found[1], ""), label) if found and label else ("", "")


def _title(title: str) -> str:
    """Return what a frame's title says of what it shows: "" where it merely names a player."""
    kind, _, name = title.partition(": ")
    if not _is_telling(kind):
        return name if _is_telling(name) else ""
    return title


def _is_telling(title: str) -> bool:
    """Whether a title says more than the names of hosts and what players are called, in whatever language."""
    return not markup().players.issuperset(bare(fold(title)).split())


def _watchable(url: str) -> str:
    """Turn a player's address into that of the page a person would open, where the two differ by rule."""
    if found := _YOUTUBE.match(url):
        return f"https://www.youtube.com/watch?v={found[1]}"
    if found := _POST.fullmatch(url):
        return found["page"]
    if found := _VIMEO.match(url):
        return f"https://vimeo.com/{found[1]}"
    return url
