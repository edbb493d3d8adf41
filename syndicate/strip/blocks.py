"""A body as a sequence of blocks that can be judged one by one and taken out without touching their neighbours.

A block is an unbroken run of inline content: a paragraph, a heading, a list item, a table cell, or one line
between two `<br>`. It remembers the text nodes it is made of, so that a range of its characters can be removed
and everything else stays as it was.
"""

import html as htmllib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from lxml import etree
from lxml.html import HtmlElement, document_fromstring

from syndicate.normalize.tree import BLOCK_TAGS, INLINE, inner_html, parser

MAX_CHARACTERS = 6_000_000
MAX_DEPTH = 80

SILENT = frozenset(["script", "style", "noscript", "template", "head", "title", "meta", "link", "base"])
HIDDEN = "(hidden)"  # stands among a block's classes where its author does not show it
_NOT_SHOWN = re.compile(r"display\s*:\s*none", re.IGNORECASE)  # what is merely invisible, scripts fade in
MEDIA = frozenset(["img", "picture", "video", "audio", "iframe", "object", "embed", "svg"])
_NAMED = frozenset({"div", "aside", "section", "ul", "ol", "nav", "footer", "header", "form", "table"})
_WORD = re.compile(r"[a-z]+")
_DEEP = etree.XPath(f"boolean({'/'.join('*' * (MAX_DEPTH + 1))})")


@dataclass(slots=True)
class Piece:
    """One text node of a block: the text of `node` itself, or the tail behind it."""

    node: HtmlElement
    tail: bool
    text: str
    link: HtmlElement | None


@dataclass(slots=True)
class Block:
    """A run of inline content and where it stands.

    `raw` is its text as written, `text` the same with white space collapsed; `start` is the offset of `text` in the
    text of the whole document (blocks joined by newlines). `tags` are the names of its ancestors, `classes` the words
    of their class and id attributes, `media` the pictures and players inside it, `linked` the share (0 to 1) of its
    characters that stand inside links, `lines` how many lines were drawn (`hr`) above it. `gone` are the ranges of
    `raw` that were taken out.
    """

    raw: str
    text: str
    container: HtmlElement
    tags: frozenset[str]
    classes: frozenset[str]
    pieces: list[Piece]
    media: list[HtmlElement]
    linked: float = 0.0
    start: int = 0
    lines: int = 0
    gone: list[tuple[int, int]] = field(default_factory=list)

    @property
    def tag(self) -> str:
        """The name of the element it stands in."""
        return str(self.container.tag)

    @property
    def end(self) -> int:
        """The offset behind its text in the text of the whole document."""
        return self.start + len(self.text)

    @property
    def links(self) -> list[HtmlElement]:
        """The links it holds, in order, each once."""
        return list(dict.fromkeys(piece.link for piece in self.pieces if piece.link is not None))

    def take_out(self) -> None:
        """Take what is gone out of the text nodes."""
        offset = 0
        for piece in self.pieces:
            setattr(piece.node, "tail" if piece.tail else "text", _without(piece.text, offset, self.gone))
            offset += len(piece.text)

    @property
    def left(self) -> str:
        """What is left of its text."""
        return " ".join(_without(self.raw, 0, self.gone).split()) if self.gone else self.text


class Document:
    """A parsed body: its blocks, and the means to take text out of it."""

    def __init__(self, source: str) -> None:
        self.root = _parse(source)
        self._elements = list(self.root.iter())  # lxml makes each element anew whenever nobody holds it
        self._media: list[HtmlElement] = []

    @cached_property
    def blocks(self) -> list[Block]:
        """The blocks, in reading order, as they stood when this was first asked."""
        found = _Walk(self.root).found
        offset = 0
        for block in found:
            block.start = offset
            offset += len(block.text) + 1
        return found

    def remove(self, block: Block, start: int = 0, end: int | None = None, *, media: bool = True) -> str:
        """Take the characters from `start` to `end` of the block's raw text out; return the markup that went.

        Inline elements and containers left without content go with it; `media` says whether pictures in a block
        that goes as a whole go too. The tree shows it when it is rendered.
        """
        end = len(block.raw) if end is None else end
        whole = not block.raw[:start].strip() and not block.raw[end:].strip()
        block.gone.append((start, end))
        self._media.extend(block.media if whole and media else ())
        return _markup(block) if whole and self._sole(block) else _escape(" ".join(block.raw[start:end].split()))

    def prune(self, element: HtmlElement | None) -> None:
        """Take an element out if nothing is left in it, and then those around it for the same reason."""
        while element is not None and element is not self.root and _empty(element):
            parent = element.getparent()
            drop(element)
            element = parent

    def text(self) -> str:
        """Return what is left of the blocks, one a line."""
        return "\n".join([line for block in self.blocks if (line := block.left)])

    def render(self) -> str:
        """Return what is left of the body as HTML, without its outermost element; the last that is asked of it."""
        cut = [block for block in self.blocks if block.gone]
        for block in cut:
            block.take_out()
        for element in self._media:  # from here on text moves from element to element
            drop(element)
        for block in cut:
            for node in [*[piece.node for piece in block.pieces], block.container]:
                self.prune(node)
        for container in dict.fromkeys(block.container for block in cut):
            if container is self.root or container.getparent() is not None:
                _trim(container)
        return inner_html(self.root).strip()

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
    wrapped = f"<div>{source[:MAX_CHARACTERS]}</div>".encode("utf-8", "replace")
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
        if event == "end" and depth > MAX_DEPTH:
            deep.append(element)
    for element in deep:
        element.drop_tag()


def _without(text: str, offset: int, gone: Sequence[tuple[int, int]]) -> str:
    """Return a text that begins at `offset` without some ranges."""
    for start, end in sorted(gone, reverse=True):
        text = text[: max(start - offset, 0)] + text[max(end - offset, 0) :]
    return text


def _linked(pieces: list[Piece]) -> float:
    inside = sum([len(piece.text.strip()) for piece in pieces if piece.link is not None])
    return inside / sum([len(piece.text.strip()) for piece in pieces]) if inside else 0.0


def _trim(element: HtmlElement) -> None:
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


class _Walk:
    """One pass over a tree that gathers its blocks."""

    def __init__(self, root: HtmlElement) -> None:
        self.found: list[Block] = []
        self.frames: list[tuple[HtmlElement, frozenset[str], frozenset[str]]] = []
        self.pieces: list[Piece] = []
        self.media: list[HtmlElement] = []
        self.link: HtmlElement | None = None
        self.lines = 0
        self._visit(root)

    def _visit(self, element: HtmlElement) -> None:
        """Walk an element and what it holds; `_flatten` has seen to it that nothing is nested too deep for that."""
        tag = element.tag
        self.lines += tag == "hr"
        if tag not in INLINE:
            self._open(element)
        if tag in MEDIA:
            self.media.append(element)
        if tag == "a":
            self.link = element
        if text := element.text:
            self.pieces.append(Piece(element, False, text, self.link))
        for child in element:
            if child.tag not in SILENT:
                self._visit(child)
            if tail := child.tail:
                self.pieces.append(Piece(child, True, tail, self.link))
        if tag == "a":
            self.link = None
        if tag not in INLINE:
            self._close(element)

    def _open(self, element: HtmlElement) -> None:
        self._flush()
        if element.tag != "br":
            self.frames.append(self._frame(element))

    def _close(self, element: HtmlElement) -> None:
        if element.tag != "br":
            self._flush()
            self.frames.pop()

    def _flush(self) -> None:
        if not (self.pieces or self.media):
            return
        raw = "".join([piece.text for piece in self.pieces])
        if text := " ".join(raw.split()):
            linked = _linked(self.pieces)
            self.found.append(Block(raw, text, *self.frames[-1], self.pieces, self.media, linked, lines=self.lines))
        self.pieces, self.media = [], []

    def _frame(self, element: HtmlElement) -> tuple[HtmlElement, frozenset[str], frozenset[str]]:
        tags, classes = self.frames[-1][1:] if self.frames else (frozenset[str](), frozenset[str]())
        named = element.get("id", "") if element.tag in _NAMED else ""  # a heading's id is made of its words
        words = f"{element.get('class', '')} {named}"
        if len(words) > 1 and len(classes) < 60:
            classes |= frozenset(_WORD.findall(words[:200].lower()))
        if element.get("hidden") is not None or _NOT_SHOWN.search(element.get("style", "")):
            classes |= {HIDDEN}
        return element, tags if element.tag in tags else tags | {element.tag}, classes
