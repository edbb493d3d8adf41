"""The blocks of a body, which can be judged one by one and taken out without touching their neighbours.

A block is an unbroken run of inline content: a paragraph, a heading, a list item, a table cell, or one line
between two `<br>`. It remembers the text nodes it is made of, so that a range of its characters can be removed
and everything else stays as it was.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from lxml.html import HtmlElement

from syndicate.normalize.tree import INLINE
from syndicate.strip.raised import spelled
from syndicate.text import squeeze

SILENT = frozenset(["script", "style", "noscript", "template", "head", "title", "meta", "link", "base"])
HIDDEN = "(hidden)"  # stands among a block's classes where its author does not show it
_NOT_SHOWN = re.compile(r"display\s*:\s*none", re.IGNORECASE)  # what is merely invisible, scripts fade in
MEDIA = frozenset(["img", "picture", "video", "audio", "iframe", "object", "embed", "svg"])
_NAMED = frozenset({"div", "aside", "section", "ul", "ol", "nav", "footer", "header", "form", "table"})
_WORD = re.compile(r"[a-z]+")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")


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
    characters that stand inside links, `links` those links in order, each once, `lines` how many lines were drawn
    (`hr`) above it. `gone` are the ranges of `raw` that were taken out.
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
    links: list[HtmlElement] = field(init=False)

    def __post_init__(self) -> None:
        """Note which links it holds."""
        self.links = list(dict.fromkeys([piece.link for piece in self.pieces if piece.link is not None]))

    @property
    def tag(self) -> str:
        """The name of the element it stands in."""
        return str(self.container.tag)

    @property
    def end(self) -> int:
        """The offset behind its text in the text of the whole document."""
        return self.start + len(self.text)

    def take_out(self) -> None:
        """Take what is gone out of the text nodes."""
        offset = 0
        for piece in self.pieces:
            setattr(piece.node, "tail" if piece.tail else "text", _without(piece.text, offset, self.gone))
            offset += len(piece.text)

    @property
    def left(self) -> str:
        """What is left of its text, for readers who see no raised digits; what was set in lines stays in lines."""
        raw = spelled(self.pieces)
        if "pre" in self.tags:
            return "\n".join(filter(None, map(squeeze, _without(raw, 0, self.gone).splitlines())))
        return " ".join(_without(raw, 0, self.gone).split()) if self.gone or raw != self.raw else self.text


def _without(text: str, offset: int, gone: Sequence[tuple[int, int]]) -> str:
    """Return a text that begins at `offset` without some ranges."""
    for start, end in sorted(gone, reverse=True):
        text = text[: max(start - offset, 0)] + text[max(end - offset, 0) :]
    return text


def _linked(pieces: list[Piece]) -> float:
    inside = sum([len(piece.text.strip()) for piece in pieces if piece.link is not None])
    return inside / sum([len(piece.text.strip()) for piece in pieces]) if inside else 0.0


def blocks_in(root: HtmlElement) -> list[Block]:
    """Return the blocks of a tree that is not nested deeper than recursion goes, in reading order."""
    found = _Walk(root).found
    offset = 0
    for block in found:
        block.start = offset
        offset += len(block.text) + 1
    return found


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
        """Walk an element and what it holds; a `Document` is not nested too deep for that."""
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
            called = words[:200]
            if not called.islower():
                called += f" {_HUMP.sub(' ', called)}"  # "K2FeedTags" is called "tags", too
            classes |= frozenset(_WORD.findall(called.lower()))
        if element.get("hidden") is not None or _NOT_SHOWN.search(element.get("style", "")):
            classes |= {HIDDEN}
        return element, tags if element.tag in tags else tags | {element.tag}, classes
