"""Pictures as values: their sizes as sources write them, and which two are the same one."""

import re
from collections.abc import Iterable
from dataclasses import replace

from lxml import etree

from syndicate.model import Image
from syndicate.normalize.urls import link_key

PICTURE_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|svg)(?:[?#]|$)", re.IGNORECASE)
ICON = 40  # pixels: what is no larger on either side is an icon
_NARROW = 120  # pixels: what is not as wide is too small to be looked at
_CALLED_ICON = re.compile(
    r"(?<![^\W_])(?:gravatar|avatar|icon|logo|emoji|badge|headshot|spin|spinner)s?(?![^\W_])", re.IGNORECASE
)
_DOT = re.compile(r"(?:^|;)(?:width|height):(?:0|[012](?:\.\d{1,9})?px)(?:$|[;!])")
_STAMP = 100  # pixels: what is no larger on either side leads no article
_UNTOLD = 200  # pixels: what nobody says the size of is no thumbnail, as a rule
_SIZE_SUFFIX = re.compile(r"-(?:\d{2,4}x\d{2,4}|scaled|rotated)(?=\.\w{3,4}$)")  # as WordPress names what it makes
_JETPACK = re.compile(r"^i\d\.wp\.com/(?=[^/]+\.[^/]+/)")  # its copies name host and path of the picture behind theirs
# Google's pictures (Blogger, Sites) name their size, and how they are cut, in a folder or behind "=".
_GOOGLE = re.compile(r"(?:blogger|(?:^|\.)bp\.blogspot|googleusercontent)\.com/")
_GOOGLE_SIZE = re.compile(r"/[swh]\d{1,4}(?:-[a-z\d-]+)?(?=/[^/]*$)|=[swh]\d{1,4}(?:-[a-z\d-]+)?$")
# YouTube's hosts of pictures, each of which has them all: which one a feed names says nothing.
_ANY_HOST = re.compile(r"(?<=//i)\d(?=\.ytimg\.com/)")


def unique(found: Iterable[Image]) -> tuple[Image, ...]:
    """Each picture once, the largest of its versions; what only one version knows is kept.

    Icons (avatars) are none of the article's, and a stamp does not lead where there is another picture.
    """
    merged: dict[str, Image] = {}
    for one in found:
        if one.width and one.height and max(one.width, one.height) <= ICON:
            continue
        key = picture_key(one.url)
        known = merged.get(key)
        if known is None:
            merged[key] = one
            continue
        large, small = (one, known) if (one.width or _UNTOLD) > (known.width or _UNTOLD) else (known, one)
        merged[key] = replace(
            large,
            caption=large.caption or small.caption,
            credit=large.credit or small.credit,
            alt=large.alt or small.alt,
            type=large.type or small.type,
        )
    return tuple(sorted(merged.values(), key=_is_stamp))


def _is_stamp(image: Image) -> bool:
    return bool(image.width and image.height and max(image.width, image.height) <= _STAMP)


def is_icon(picture: etree._Element) -> bool:
    """Whether a picture is too small to be looked at, or is called what such pictures are: icon, avatar, logo."""
    names = f"{picture.get('class', '')} {picture.get('id', '')}"
    return 0 < number(picture.get("width")) < _NARROW or _CALLED_ICON.search(names) is not None


def is_dot(picture: etree._Element) -> bool:
    """Whether a picture is at most two pixels wide or high, by its size or style: it is there to be counted."""
    sizes = [(picture.get(side) or "").strip().removesuffix("px") for side in ("width", "height")]
    style = (picture.get("style") or "").replace(" ", "").lower()
    return not {"0", "1", "2"}.isdisjoint(sizes) or _DOT.search(style) is not None


def leads_nowhere(picture: etree._Element) -> bool:
    """Whether a picture is no link, or one to a larger copy of itself: links elsewhere are teasers and banners."""
    href = next((link.get("href", "") for link in picture.iterancestors("a")), "")
    return not href or href.startswith("#") or PICTURE_FILE.search(href) is not None


def any_host(url: str) -> str:
    """The picture's address without the number of a host that is one of several alike."""
    return _ANY_HOST.sub("", url)


def picture_key(url: str) -> str:
    """The form in which two sizes of one picture are equal: what tells only how large it is goes."""
    url = any_host(url)
    path, _, query = link_key(url).partition("?")
    if query and not PICTURE_FILE.search(path):
        return link_key(url)  # the parameters say which picture it is, not how large
    if _GOOGLE.search(path):
        return _GOOGLE_SIZE.sub("", path)
    return _SIZE_SUFFIX.sub("", _JETPACK.sub("", path)) or url


def number(value: object) -> int:
    """A count out of whatever a source wrote; 0 where it is no plain number."""
    text = str(value if value is not None else "").strip().removesuffix("px").rstrip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0


def pixels(value: object) -> int | None:
    """A width or height in pixels; None where there is no sensible number."""
    size = number(value)
    return size if 0 < size < 100_000 else None
