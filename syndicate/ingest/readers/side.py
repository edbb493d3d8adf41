"""What feedparser throws together or drops, read from the same document by lxml.

feedparser keeps one flat list of all media descriptions of an entry, and only the last of the channel's skip hours and
of the names in one author. This look is lenient and never decides whether an entry exists: where the two count
differently it says nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from lxml import etree

from syndicate.model import Image
from syndicate.normalize.pictures import pixels
from syndicate.text import legal, plain

_NAMES = re.compile(r"name>\s{0,100}<(?:\w+:)?name\b")
_MEDIA = ("http://search.yahoo.com/mrss/", "http://search.yahoo.com/mrss")


@dataclass(frozen=True, slots=True)
class SideEntry:
    """Pictures with the caption and credit of their own, and every text that is only a media description.

    `description` is the longest of these as it was written, line by line. `authors` are the names that stand in one
    author together, as some write several people.
    """

    images: tuple[Image, ...] = ()
    captions: frozenset[str] = frozenset()
    description: str = ""
    title: str = ""
    authors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Side:
    """One SideEntry for each entry, in order, and the hours (0 to 23, UTC) in which not to poll."""

    entries: tuple[SideEntry, ...]
    skip_hours: tuple[int, ...] = ()


def look_aside(text: str, count: int) -> Side:
    """Read media and skip hours of a feed in which `count` entries were found."""
    nothing = Side(entries=(SideEntry(),) * count)
    if not ("media:" in text or "mrss" in text or "skiphours" in text.lower() or _NAMES.search(text)):
        return nothing
    # No entities, no network, no DTD: a feed's markup decides nothing outside itself.
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return nothing
    if root is None:
        return nothing
    items = [element for element in root.iter(etree.Element) if _name(element) in {"item", "entry"}]
    entries = tuple(_side_entry(item) for item in items) if len(items) == count else nothing.entries
    return Side(entries, tuple(sorted(set(_skip_hours(root)))))


def _name(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2].lower()


def _is_media(element: etree._Element, name: str) -> bool:
    tag = str(element.tag)
    return tag.endswith("}" + name) and tag[1:].startswith(_MEDIA)


def _skip_hours(root: etree._Element) -> Iterator[int]:
    for element in root.iter(etree.Element):
        if _name(element) == "skiphours":
            for hour in element:
                value = (hour.text or "").strip()
                if value.isascii() and value.isdigit() and len(value) < 3 and int(value) <= 24:
                    yield int(value) % 24


def _side_entry(item: etree._Element) -> SideEntry:
    pictures, described, title = [], [""], ""
    for element in item.iter(etree.Element):
        if _is_media(element, "description"):
            described.append(_text(element).strip())
        elif _is_media(element, "title") and not title:
            title = plain(_text(element))
        elif _is_media(element, "content") or _is_media(element, "thumbnail"):
            pictures.append(_picture(element, item))
    captions = frozenset(map(plain, described)) - {""}
    return SideEntry(tuple(one for one in pictures if one), captions, max(described, key=len), title, _authors(item))


def _authors(item: etree._Element) -> tuple[str, ...]:
    """The names of all authors where one of them has several."""
    named = [[_text(name) for name in author if _name(name) == "name"] for author in item if _name(author) == "author"]
    return tuple(chain.from_iterable(named)) if any(len(names) > 1 for names in named) else ()


def _text(element: etree._Element) -> str:
    return legal("".join(str(piece) for piece in element.itertext()))


def _picture(element: etree._Element, item: etree._Element) -> Image | None:
    media_type, medium = element.get("type", ""), element.get("medium", "")
    url = (element.get("url") or "").strip()
    is_picture = medium == "image" or media_type.startswith("image/") or _is_media(element, "thumbnail")
    if not url or not (is_picture or (not medium and not media_type)):
        return None
    caption, credit = _described(element, item)
    return Image(
        url=legal(url),
        caption=caption,
        credit=credit,
        width=pixels(element.get("width")),
        height=pixels(element.get("height")),
        type=media_type,
    )


def _described(element: etree._Element, item: etree._Element) -> tuple[str, str]:
    """Caption and credit from inside the picture, else from the group it is in, up to the entry."""
    caption = credit = ""
    holder: etree._Element | None = element
    while holder is not None:
        for child in holder:
            if not caption and (_is_media(child, "description") or _is_media(child, "text")):
                caption = plain(_text(child))
            elif not credit and (_is_media(child, "credit") or _is_media(child, "copyright")):
                credit = plain(_text(child))
        if holder is item:
            break
        holder = holder.getparent()
    return caption, credit
