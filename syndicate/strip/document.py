"""A body as a tree: parsed, its blocks taken out of it one by one, and written again without them."""

import html as htmllib
from collections.abc import Iterable
from functools import cached_property

from lxml import etree
from lxml.html import HtmlElement, document_fromstring

from syndicate.normalize.tree import BLOCK_TAGS, HEADINGS, INLINE, inner_html, parser
from syndicate.strip.blocks import MEDIA, Block, blocks_in
from syndicate.strip.sanitize import part
from syndicate.strip.shown import goes_along, orphans

_MAX_CHARACTERS = 6_000_000
_MAX_DEPTH = 80
_BREAKING = " \t\n\r\f"  # what a browser makes one space of, and nothing at either end
_PARTING = frozenset({"hr", "br"})
_HOLDERS = (
    "p", "div", "section", "blockquote", "figure", "ul", "ol", "li", *HEADINGS,
    "a", "b", "em", "font", "i", "small", "span", "strong", "u",
)  # fmt: skip
_DEEP = etree.XPath(f"boolean({'/'.join('*' * (_MAX_DEPTH + 1))})")


class Document:
    """A parsed body: its blocks, and the means to take text out of it."""

    def __init__(self, source: str, page: str = "") -> None:
        """Parse a body; its article is at `page`."""
        self._page = page
        self.root = _parse(source)
        self._elements = list(self.root.iter())  # lxml makes each element anew whenever nobody holds it
        self._media: list[HtmlElement] = []
        self._led: dict[str, set[HtmlElement]] = {}  # where blocks led that went, and what they stood in

    @cached_property
    def blocks(self) -> list[Block]:
        """The blocks, in reading order, as they stood when this was first asked."""
        return blocks_in(self.root)

    def remove(self, block: Block, start: int = 0, end: int | None = None, *, media: bool = True) -> str:
        """Take the characters from `start` to `end` of the block's raw text out; return the markup that went.

        Inline elements and containers left without content go with it; `media` says whether pictures in a block
        that goes as a whole go too, and those beside it that lead where it led. The tree shows it when it is rendered.
        """
        end = len(block.raw) if end is None else end
        whole = not block.raw[:start].strip() and not block.raw[end:].strip()
        block.gone.append((start, end))
        if whole and media:
            self._media.extend(one for one in block.media if goes_along(one, self._page))
            for link in block.links:
                around = (block.container, *block.container.iterancestors())
                self._led.setdefault(link.get("href", ""), set()).update(around)
        return _markup(block) if whole and self._sole(block) else _escape(" ".join(block.raw[start:end].split()))

    def prune(self, elements: Iterable[HtmlElement | None]) -> None:
        """Take those elements out in which nothing is left, and then those around them for the same reason.

        It wants all of them at once, for each look at what holds a thousand costs a thousand steps.
        """
        while gone := [e for e in dict.fromkeys(elements) if e is not None and e is not self.root and _empty(e)]:
            elements = [element.getparent() for element in gone]
            for element in gone:
                drop(element)

    def text(self) -> str:
        """Return what is left of the blocks, one a line."""
        return "\n".join([line for block in self.blocks if (line := block.left)])

    def render(self) -> str:
        """Return what is left of the body as HTML, without its outermost element; the last that is asked of it."""
        cut = [block for block in self.blocks if block.gone]
        for block in cut:
            block.take_out()
        # From here on text moves from element to element.
        media = [*self._media, *orphans(self.root, self._led, self._page)]
        holders = [element.getparent() for element in media]
        for element in media:
            drop(element)
        self.prune(holders)
        self.prune(node for block in cut for node in [*[piece.node for piece in block.pieces], block.container])
        for container in dict.fromkeys(block.container for block in cut):
            if container is self.root or container.getparent() is not None:
                trim(container)
        self._tidy()
        part(self.root)
        return inner_html(self.root).strip()

    def _tidy(self) -> None:
        """Take out what shows nothing: empty elements, and at either end of the body blank lines and rules, too."""
        for element in reversed(list(self.root.iter(*_HOLDERS))):
            if _is_bare(element) and next(element.iterancestors("pre", "code"), None) is None:
                drop(element)
        for last in (False, True):
            while (element := _edge(self.root, last=last)) is not None:
                drop(element)

    def _sole(self, block: Block) -> bool:
        """Whether the block is all that its container holds."""
        if block.container is self.root:
            return False
        seen = 0
        for text in block.container.itertext():
            seen += len(text.strip())
            if seen > len(block.raw):
                return False
        return seen == sum(len(piece.text.strip()) for piece in block.pieces)


def _is_bare(element: HtmlElement) -> bool:
    """Whether an element holds nothing; a space in one amid a text parts words, and one that can't break is a line."""
    return not len(element) and not (element.text or "").strip("" if element.tag in INLINE else _BREAKING)


def _edge(root: HtmlElement, *, last: bool) -> HtmlElement | None:
    """Return the blank line or the rule that a body begins or ends with, None for anything else."""
    element = root
    while (inner := next(element.iterchildren(reversed=last), None)) is not None:  # its length would count them all
        beyond = inner.tail if last else element.text
        if (beyond or "").strip():
            return None
        element = inner
    blank = element.tag in _HOLDERS and not (element.text or "").strip()
    return element if element is not root and (blank or element.tag in _PARTING) else None


def drop(element: HtmlElement) -> None:
    """Take an element out of its tree; the text behind it stays, on a line of its own if it was on one."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tag in BLOCK_TAGS and _parts_lines(element, parent):
        line = parent.makeelement("br")
        line.tail = element.tail
        parent.replace(element, line)
        return
    if element.tail:
        previous = element.getprevious()
        if previous is None:
            parent.text = (parent.text or "") + element.tail
        else:
            previous.tail = (previous.tail or "") + element.tail
    parent.remove(element)


def _parts_lines(element: HtmlElement, parent: HtmlElement) -> bool:
    """Whether there is inline content on both sides of an element."""
    previous, following = element.getprevious(), element.getnext()
    above = parent.text if previous is None else previous.tail
    before = bool((above or "").strip()) or (previous is not None and previous.tag in INLINE)
    return before and (bool((element.tail or "").strip()) or (following is not None and following.tag in INLINE))


def _parse(source: str) -> HtmlElement:
    wrapped = f"<div>{source[:_MAX_CHARACTERS]}</div>".encode("utf-8", "replace")
    root: HtmlElement = document_fromstring(wrapped, parser=parser(huge=True)).find("body")
    if len(root) == 1 and root[0].tag == "div":
        root = root[0]
    root.tail = None
    _flatten(root)
    return root


def _flatten(root: HtmlElement) -> None:
    """Unwrap what is nested deeper than any reader needs: later steps would pay for each level."""
    if not _DEEP(root):
        return
    depth = 0
    deep = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if event == "end" and depth > _MAX_DEPTH:
            deep.append(element)
    for element in deep:
        element.drop_tag()


def trim(element: HtmlElement) -> None:
    """Take line breaks and white space away that nothing follows any more, or nothing precedes."""
    while len(element) and element[-1].tag == "br" and not (element[-1].tail or "").strip():
        drop(element[-1])
    while len(element) and element[0].tag == "br" and not (element.text or "").strip():
        drop(element[0])
    if len(element):
        element[-1].tail = (element[-1].tail or "").rstrip() or None
    else:
        element.text = (element.text or "").rstrip() or None


def _escape(text: str) -> str:
    return htmllib.escape(text, quote=False)


def _markup(block: Block) -> str:
    return str(etree.tostring(block.container, encoding="unicode", method="html", with_tail=False))


def _empty(element: HtmlElement) -> bool:
    if element.tag in MEDIA or element.tag in {"td", "th", "hr", "br", "body"} or (element.text or "").strip():
        return False
    return all(
        (child.tag == "br" or _empty(child)) and not (child.tail or "").strip() for child in element.iterchildren()
    )
