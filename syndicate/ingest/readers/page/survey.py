"""A page's text as blocks in reading order, with sums over any part of the tree at no cost."""

import re
from dataclasses import dataclass, field
from itertools import accumulate

from lxml import etree

from syndicate.normalize.tree import HEADINGS, INLINE
from syndicate.normalize.urls import host_of, site_of

# What readers see of these is not text: controls, players, and what stands in when there is no script.
MUTE = frozenset(
    [
        "button",
        "select",
        "textarea",
        "noscript",
        "iframe",
        "input",
        "video",
        "audio",
        "embed",
        "nav",
        "hr",
        "object",
        "head",
    ]
)
_LABELS = HEADINGS | {"option", "title", "time", "label", "figcaption", "dt"}
_NEUTRAL = HEADINGS | {"td", "th", "li", "dt", "dd", "pre", "figcaption", "caption"}
_SENTENCE = re.compile(r"[.!?…:;,](?=[\s\"”’»)\]]|$)|[。！？、，．।؟،۔]")
_DENSE = re.compile(r"[぀-ヿ㐀-䶿一-鿿豈-﫿가-힣฀-๿]")
_TERSE = frozenset({"p", "li", "td", "dd", "pre"})


@dataclass(slots=True)
class Block:
    """An unbroken run of inline content.

    `linked` of its characters are links, `inward` of them to the page's own site; `prose` says how many characters
    read like running text.
    """

    where: etree._Element
    text: str
    linked: int
    inward: int
    prose: float = 0.0

    @property
    def junk(self) -> float:
        """How much the block speaks against the element that holds it."""
        if self.prose:
            return 0.0
        loose = 0.0 if self.where.tag in _NEUTRAL else 0.3 * (len(self.text) - self.linked)
        return loose + 0.5 * self.inward


@dataclass(slots=True)
class Survey:
    """The blocks of a page; `span` says for each element of block level which blocks lie inside it."""

    blocks: list[Block] = field(default_factory=list)
    span: dict[etree._Element, tuple[int, int]] = field(default_factory=dict)
    _prose: list[float] = field(default_factory=list)
    _junk: list[float] = field(default_factory=list)
    _size: list[int] = field(default_factory=list)
    _inward: list[int] = field(default_factory=list)

    def total(self) -> None:
        """Make the running sums; called again after blocks were judged anew."""
        self._prose = [0.0, *accumulate(block.prose for block in self.blocks)]
        self._junk = [0.0, *accumulate(block.junk for block in self.blocks)]
        self._size = [0, *accumulate(len(block.text) for block in self.blocks)]
        self._inward = [0, *accumulate(block.inward for block in self.blocks)]

    def prose(self, element: etree._Element) -> float:
        """The prose inside an element, in characters."""
        start, end = self.span[element]
        return self._prose[end] - self._prose[start]

    def junk(self, element: etree._Element) -> float:
        """What speaks against an element: labels, scraps, links to the site's other pages."""
        start, end = self.span[element]
        return self._junk[end] - self._junk[start]

    def size(self, element: etree._Element) -> int:
        """All characters inside an element."""
        start, end = self.span[element]
        return self._size[end] - self._size[start]

    def inward(self, element: etree._Element) -> int:
        """The characters inside an element that link to the site's other pages."""
        start, end = self.span[element]
        return self._inward[end] - self._inward[start]

    def inside(self, element: etree._Element) -> list[Block]:
        """The blocks inside an element."""
        start, end = self.span[element]
        return self.blocks[start:end]


def survey(root: etree._Element, url: str) -> Survey:
    """Walk the tree once and gather its blocks; `url` tells the site's own links from the others."""
    walk = _Walk(url)
    walk.element(root, 0)
    walk.found.total()
    return walk.found


def in_letters(text: str) -> int:
    """How long a text is in characters of an alphabet: a sign of a dense script says as much as three."""
    return len(text) if text.isascii() else len(text) + 2 * len(_DENSE.findall(text))


class _Walk:
    """One pass over the tree; a link is 0 (none), 1 (to somewhere else) or 2 (to the same site)."""

    def __init__(self, url: str) -> None:
        self.found = Survey()
        self.pieces: list[str] = []
        self.linked = [0, 0, 0]
        self.site = site_of(host_of(url))
        self.kinds: dict[str, int] = {}

    def element(self, element: etree._Element, link: int) -> None:
        """Walk an element of block level."""
        start = len(self.found.blocks)
        self._content(element, element, link)
        self._flush(element)
        self.found.span[element] = (start, len(self.found.blocks))

    def _content(self, element: etree._Element, holder: etree._Element, link: int) -> None:
        if (text := element.text) and (self.pieces or not text.isspace()):
            self._add(text, link)
        for child in element:
            tag = child.tag
            inside = link or (self._kind(child.get("href")) if tag == "a" else 0)
            if tag in INLINE and not (len(child) and any(below.tag not in INLINE for below in child.iterdescendants())):
                self._content(child, holder, inside)
            else:
                self._flush(holder)
                if tag != "br" and tag not in MUTE:
                    self.element(child, inside)
            if (text := child.tail) and (self.pieces or not text.isspace()):
                self._add(text, link)

    def _kind(self, href: str | None) -> int:
        if not href or href[0] == "#":
            return 0
        kind = self.kinds.get(href)
        if kind is None:
            kind = self.kinds[href] = self._judge(href)
        return kind

    def _judge(self, href: str) -> int:
        if "//" not in href[:10]:
            return 1 if href.startswith(("mailto:", "tel:")) else 2
        return 2 if site_of(host_of(href)) == self.site else 1

    def _add(self, text: str, link: int) -> None:
        self.pieces.append(text)
        if link:
            self.linked[link] += len(text.strip())

    def _flush(self, holder: etree._Element) -> None:
        if not self.pieces:
            return
        text = " ".join("".join(self.pieces).split())
        self.pieces.clear()
        if text:
            inward = min(self.linked[2], len(text))
            linked = min(self.linked[1] + inward, len(text))
            self.found.blocks.append(Block(holder, text, linked, inward, _prose(holder, text, linked)))
        self.linked = [0, 0, 0]


def _prose(holder: etree._Element, text: str, linked: int) -> float:
    """How many characters of a block read like running text: none in headings, labels and rows of links."""
    length = len(text)
    if holder.tag in _LABELS or linked * 2 > length:
        return 0.0
    length = in_letters(text)
    if not linked and holder.tag in _TERSE and length >= 12:
        return length * 0.25 if length < 60 and _SENTENCE.search(text) is None else float(length)
    if length < 25 or (length < 120 and _SENTENCE.search(text) is None):
        return 0.0
    free = float(length - linked)
    return free * 0.5 if length < 60 else free
