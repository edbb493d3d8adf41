"""What stands in a body without being text: scripts, counting pictures, frames, buttons made of pictures.

It is taken out of the tree before the blocks are judged. Frames of well-known players become links.
"""

from collections.abc import Iterable, Iterator

from lxml import etree
from lxml.html import HtmlElement

from syndicate.model import Cut
from syndicate.normalize.pictures import ICON, number
from syndicate.normalize.tree import INLINE, text_of
from syndicate.strip import anchors
from syndicate.strip.document import Document, drop, trim
from syndicate.strip.embeds import PLAYERS, embed_link, mark_page
from syndicate.strip.links import is_licence, is_profile, is_stock, is_tracker, kind_of
from syndicate.text import plain

_SCRIPTS = ("script", "style", "noscript", "template", "title", "link", "meta", "base")
_FRAMES = ("iframe", "embed", "object", *PLAYERS)
_PLAYED = ("video", "audio")
_SOURCES = ("source", "track")
_MUTE = frozenset({"script", "style", "template"})
_FALLBACK = 150  # characters: what is said to who sees no frame and runs no script is no longer


def remove(document: Document, page: str) -> Iterator[Cut]:
    """Take furniture out of a document whose article is at `page`; yield a record of each piece."""
    holders: list[HtmlElement] = []
    links: list[HtmlElement] = []  # of players
    for element in list(document.root.iter("img", "svg", "blockquote", *_SCRIPTS, *_FRAMES, *_PLAYED)):
        if element.getparent() is None or next(element.iterancestors("svg"), None) is not None:
            continue
        if element.tag == "blockquote":
            mark_page(element)
        elif element.tag in _PLAYED:
            yield from _fallback(element)
        elif element.tag == "noscript" and _stays(element):
            yield _unwrapped(holders, element, "script")
        elif element.tag in _SCRIPTS:
            yield _gone(holders, element, "script", "nothing that runs or styles is passed on")
        elif element.tag == "svg":
            yield _gone(holders, element, "embed", "a drawing within the text; pictures have an address")
        elif element.tag in _FRAMES:
            yield from _frame(holders, links, element)
        else:
            yield from _picture(holders, element, page)
    _part(links)
    document.prune(holders)
    yield from anchors.remove(document, page)


def taken(removed: Iterable[Cut]) -> int:
    """Count the characters of the article that went with furniture, as they stood in an element that nobody ended."""
    return sum(len(cut.text) for cut in removed if len(cut.text) > _FALLBACK)


def _gone(holders: list[HtmlElement], element: HtmlElement, family: str, reason: str) -> Cut:
    """Take an element out; put what held it to the `holders`, in which nothing may be left."""
    cut = _record(element, family, reason)
    holders.append(element.getparent())
    drop(element)
    return cut


def _record(element: HtmlElement, family: str, reason: str) -> Cut:
    html = str(etree.tostring(element, encoding="unicode", method="html", with_tail=False))[:1000]
    evidence = (element.get("src") or "")[:200]
    return Cut(_words(element), family, f"markup {element.tag}", evidence or reason, html=html)


def _words(element: HtmlElement) -> str:
    """Return what an element says to who sees no frame and runs no script."""
    return "" if element.tag in _MUTE else plain(text_of(element))  # markup in a frame is text to the parser


def _frame(holders: list[HtmlElement], links: list[HtmlElement], element: HtmlElement) -> Iterator[Cut]:
    found = embed_link(element)
    if found is not None:
        link, said = found
        if not said and _words(element):
            yield _record(element, "embed", "it stood inside a player's frame")
        link.tail, element.tail = element.tail, None
        element.getparent().replace(element, link)
        links.append(link)
    elif element.tag == "object":
        yield _unwrapped(holders, element, "embed")
    else:
        yield _gone(holders, element, "embed", "a frame of a host that is not a well-known player")


def _part(links: Iterable[HtmlElement]) -> None:
    """Give players' links paragraphs of their own; what shared one with them gets others above and below.

    They come in their order and are taken from below, so that what stands behind one is moved once.
    """
    parted: dict[HtmlElement, None] = {}
    for link in reversed(list(links)):
        holder = _unwrap(link)
        if holder.tag == "p":
            rest = holder.makeelement("p")
            rest.text, link.tail = link.tail, None
            rest.extend(link.itersiblings())
            rest.tail, holder.tail = holder.tail, None
            holder.addnext(rest)
            holder.addnext(link)
            parted |= {rest: None, holder: None}
    for paragraph in parted:
        trim(paragraph)
        if not (len(paragraph) or (paragraph.text or "").strip()):
            drop(paragraph)


def _unwrap(link: HtmlElement) -> HtmlElement:
    """Take away the inline elements that hold nothing but a link; return what then holds it."""
    while (holder := link.getparent()).tag in INLINE and text_of(link) == _sole_text(link, holder):
        link.tail, holder.tail = holder.tail, None
        holder.getparent().replace(holder, link)
    return holder


def _sole_text(link: HtmlElement, holder: HtmlElement) -> str:
    """What is said in an element whose only child this is, "" of one with others."""
    return text_of(holder) if link.getprevious() is None and link.getnext() is None else ""


def _stays(noscript: HtmlElement) -> bool:
    """Whether what is said to who runs no script belongs to the article: a program, a player, more than a notice."""
    if any(embed_link(frame) for frame in noscript.iter("iframe")):
        return True
    return next(noscript.iter("pre", "code"), None) is not None or len(_words(noscript)) > _FALLBACK


def _fallback(player: HtmlElement) -> Iterator[Cut]:
    """Take out what a player says to who can't play it; what one that nobody ended swallowed stays."""
    text = _words(player)
    if not text or len(text) > _FALLBACK or not (player.get("src") or player.find("source") is not None):
        return
    yield _record(player, "embed", "it stood inside a player")
    player.text = None
    for child in list(player):
        child.tail = None
        if child.tag not in _SOURCES:
            player.remove(child)


def _unwrapped(holders: list[HtmlElement], element: HtmlElement, family: str) -> Cut:
    """Put what stands in an object or for those without scripts (another frame, a program's lines) in its place."""
    address = element.get("data") or ""
    holders.append(element.getparent())
    etree.strip_elements(element, "param", with_tail=False)
    element.drop_tag()
    return Cut("", family, f"markup {element.tag}", address[:200] or "what it holds stays")


def _picture(holders: list[HtmlElement], image: HtmlElement, page: str) -> Iterator[Cut]:
    """A picture in a link that shares the article or leads to its comments is a button, and so is a profile's icon."""
    link = image.getparent()
    if not image.get("src") and not image.get("srcset") and link.tag != "picture":
        yield _gone(holders, image, "ui", "a picture without an address")
    elif is_licence(link) and not text_of(link):
        yield _gone(holders, link, "copyright", "a badge that leads to a licence")
    elif is_stock(image):
        yield _gone(holders, image, "ui", "a button, a badge or a portrait that a service keeps")
    elif is_tracker(image):
        yield _gone(holders, image, "tracker", "a picture that is there to be counted")
    elif link.tag != "a" or "".join(link.itertext()).strip():
        return
    elif kind_of(link, page) in {"share", "comments"}:
        yield _gone(holders, link, "share", "a picture that shares the article when clicked")
    elif is_profile(link) and _is_icon(image):
        yield _gone(holders, link, "follow", "an icon that leads to somebody's page in a network")


def _is_icon(image: HtmlElement) -> bool:
    """Whether a picture is as small as no photograph."""
    sides = [number(image.get(side)) for side in ("width", "height") if image.get(side)]
    return bool(sides) and min(sides) > 0 and max(sides) < ICON
