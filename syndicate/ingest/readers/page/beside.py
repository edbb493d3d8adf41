"""What belongs to an article although it stands beside the box of its body: pictures above it, notes below it."""

import re
from collections.abc import Callable, Iterator
from itertools import islice

from lxml import etree

from syndicate.ingest.readers.page.chrome import called, is_body, is_caption, soft, strong
from syndicate.ingest.readers.page.survey import Survey
from syndicate.normalize.pictures import is_icon, leads_nowhere, number

_FAR = 60  # blocks between headline and body
_MOST_PICTURES, _MOST_TRIED = 5, 100
_FOREIGN = frozenset({"nav", "aside", "footer", "form", "button", "noscript", "li"})
_PICTURED = re.compile(r"(?:^|-)(?:hero|lead|lede|featured?|thumbnail|thumb|image|photo|picture|cover|opener)(?=-|$)")
_WRAPPERS = frozenset({"a", "picture", "div", "span", "p", "center"})
_WIDE = 300  # pixels
_NOTES = re.compile(
    "(?:^|-)(?:corrections?|clarifications?|editors?-notes?|notes?|foot-?notes?|end-?notes?|(?:key-)?facts|fact-?box|info-?box|"
    "references|attribution|credits?|wire)(?=-|$)"
)
_LISTS = frozenset({"p", "blockquote", "ul", "ol", "dl"})
_BOXES = frozenset({"div", "section", "aside"})
# Families that stand between an article and its notes; behind others, and behind what has no name, is no article.
_PASSED = frozenset({"share", "ad", "tags", "newsletter"})
_MOST_LEFT = 50


def lead(seen: Survey, heading: etree._Element | None, container: etree._Element) -> list[etree._Element]:
    """Return the pictures between headline and container with their captions: figures, or boxes that are no more."""
    if heading is None or heading not in seen.span or container in heading.iterancestors():
        return []
    if not 0 <= seen.span[container][0] - seen.span[heading][1] < _FAR:
        return []
    found: dict[str, etree._Element] = {}  # one of those that are there twice, for small and for large screens
    for picture in islice(_between(heading, container), _MOST_TRIED):
        box = picture if picture.tag == "figure" else _box(seen, picture)
        if box not in found.values() and _is_lead(box, heading):
            found.setdefault(_shown(seen, box), box)
    return list(found.values())[:_MOST_PICTURES]


def _shown(seen: Survey, box: etree._Element) -> str:
    """What tells a picture from others: its caption, else what stands for it, else its address."""
    caption = " ".join(block.text for block in seen.inside(box)) if box in seen.span else ""
    picture = next(box.iter("img"))
    return caption or picture.get("alt") or picture.get("src") or ""


def _between(heading: etree._Element, container: etree._Element) -> Iterator[etree._Element]:
    """The figures, and the pictures outside of figures, that come after the headline and before the container."""
    around, ahead = set(heading.iterancestors()), False
    above = next(one for one in container.iterancestors() if one in around)
    for element in above.iter(etree.Element):
        if element is container:
            return
        ahead = ahead or element is heading
        framed = element.tag == "figure" or (
            element.tag == "img" and next(element.iterancestors("figure"), None) is None
        )
        if ahead and framed and element not in container.iterancestors():
            yield element


def _box(seen: Survey, picture: etree._Element) -> etree._Element:
    """The smallest box around a picture that holds its captions and no other text, the picture where it has none."""
    box, known = picture, 0
    for outer in picture.iterancestors():
        texts = seen.inside(outer) if outer in seen.span else []
        if outer.tag not in _WRAPPERS or not all(_is_captioned(block.where, outer) for block in texts):
            break
        if len(texts) > known:
            box, known = outer, len(texts)
    return box


def _is_captioned(element: etree._Element, box: etree._Element) -> bool:
    """Whether an element of a box is called a caption, or stands in what is."""
    return any(is_caption(called(one)) for one in (element, *element.iterancestors()) if box in one.iterancestors())


def _is_lead(box: etree._Element, heading: etree._Element) -> bool:
    """Whether it shows what the article is about: no teaser, banner or icon, and no author's face."""
    around = set(heading.iterancestors())
    outer = [one for one in box.iterancestors() if one not in around]
    if any(one.tag in _FOREIGN or _is_furniture(called(one)) for one in (box, *outer)):
        return False
    pictures = list(box.iter("img"))
    if not pictures or not all(leads_nowhere(one) and not is_icon(one) for one in pictures):
        return False
    named = any(_PICTURED.search(called(one)) for one in (*box.iter(etree.Element), *outer))
    return box.tag == "figure" or named or any(number(one.get("width")) >= _WIDE for one in pictures)


def _is_furniture(names: str) -> bool:
    return bool(names and (strong(names) or soft(names)))


def notes(
    seen: Survey, heading: etree._Element | None, container: etree._Element, is_kept: Callable[[etree._Element], bool]
) -> tuple[list[etree._Element], list[etree._Element]]:
    """Return what stands behind the container in the headline's `article`: what belongs to it, and what is left out.

    Notes, credits, lists and tables belong to it as long as nothing but furniture stands before them, and whatever
    `is_kept`.
    """
    joined: list[etree._Element] = []
    left: list[etree._Element] = []
    near, room = True, seen.size(container) // 2
    for element in _behind(heading, container):
        if element not in seen.span or not (size := seen.size(element)):
            continue
        if is_kept(element) or (near and size <= room and _is_note(seen, element)):
            joined.append(element)
            room -= size
        else:
            left.append(element)
            near = near and strong(called(element)) in _PASSED
    return joined, left[:_MOST_LEFT]


def _behind(heading: etree._Element | None, container: etree._Element) -> Iterator[etree._Element]:
    """The elements behind the container, from the nearest outwards, up to the end of the headline's `article`."""
    around = set(heading.iterancestors("article")) if heading is not None else set()
    outer = list(container.iterancestors())
    own = next((one for one in outer if one in around), None)
    if own is not None:
        for element in (container, *outer[: outer.index(own)]):
            yield from element.itersiblings(etree.Element)


def _is_note(seen: Survey, element: etree._Element) -> bool:
    """Whether it reads like a part of the article and is neither named nor built as furniture."""
    names, size = called(element), seen.size(element)
    if _is_furniture(names) or seen.inward(element) > 0.3 * size or element.find(".//form") is not None:
        return False
    if element.tag == "table" or (element.tag in _BOXES and _NOTES.search(names)):
        return True
    reads = element.tag in _LISTS or (element.tag in _BOXES and is_body(names))
    return reads and seen.prose(element) >= 0.5 * size
