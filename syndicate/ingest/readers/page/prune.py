"""What is taken out of the article's container: boxes of furniture that stand between or around its paragraphs.

The rule of thumb: a box goes for its name only when it holds a small share of the article's prose, and a row of
links goes only when it leads to other pages of the same site. A list of links elsewhere is content. What goes is
told to the caller, with its reason.
"""

import re
from collections.abc import Iterator, Sequence
from functools import partial

from lxml import etree

from syndicate.ingest.readers.page.chrome import called, is_body, is_caption, soft, strong
from syndicate.ingest.readers.page.deck import is_named_deck
from syndicate.ingest.readers.page.judge import is_card
from syndicate.ingest.readers.page.survey import Survey
from syndicate.ingest.readers.page.tree import drop
from syndicate.model import Cut
from syndicate.normalize.kept import Kept, nothing
from syndicate.normalize.pictures import is_icon, leads_nowhere
from syndicate.normalize.tree import HEADINGS, INLINE
from syndicate.text import squeeze

_BOXES = frozenset({"nav", "footer", "aside", "form", "button", "select", "textarea", "input", "datalist", "dialog"})
_LOOSE = frozenset({"div", "span", "time", "section", "center", "address"})
_PART_OF_ROW = frozenset({"p", "li", "td", "th", "tr", "tbody", "thead", "dd", "dt"}) | HEADINGS
_LISTED = ("related", "links", "card", "newsletter", "promo", "comments")
_HEADED = frozenset({"table", "ul", "ol", "dl", "figure", "pre"})  # what an article may end in
_SENTENCE_END = re.compile(r"[.!?…。！？:][\"”’»)\]]*$")
_WORD = re.compile(r"\w+")
_SHOWING = re.compile(r"(?:^|-)(gallery|carousel|slider|elementor-widget)(?=-|$)")
_REASON = "the page calls or builds it as something beside the article"
_MAX_CUTS = 200
_LONGEST = 2_000  # characters of a box that are put down


def prune(
    seen: Survey, container: etree._Element, title: str, kept: Kept = nothing, lead: Sequence[etree._Element] = ()
) -> tuple[Cut, ...]:
    """Take the furniture out of the container and turn unnamed captions into figures; return what went.

    The same is done to what comes before it, the `lead`.
    A box whose text is `kept` stays as it is, with everything in it.
    """
    pruning = _Pruning(seen, container, title, kept)
    return tuple(cut for part in (*lead, container) for cut in pruning.visit(part))[:_MAX_CUTS]


def left_out(element: etree._Element) -> Cut:
    """Return the record of what stands beside the body, and is not taken along."""
    names = called(element)
    return _cut(element, strong(names) or soft(names) or "after")


def _cut(element: etree._Element, family: str) -> Cut:
    text = _told(element)
    evidence = f"{element.tag} {called(element)}".strip()[:200]
    drop(element)
    return Cut(text=text, family=family, reason=_REASON, evidence=evidence)


class _Pruning:
    def __init__(self, seen: Survey, container: etree._Element, title: str, kept: Kept) -> None:
        self.seen = seen
        self.is_kept = partial(is_kept, kept, title)
        self.total = seen.prose(container)
        self.spent = 0.0
        self.makes = {(block.where.tag, called(block.where)) for block in seen.inside(container) if block.prose > 60}
        self.title = _WORD.findall(title.lower())
        start, end = seen.span[container]
        prose = [number for number in range(start, end) if seen.blocks[number].prose > 10] or [start, end]
        self.first, self.last = prose[0], prose[-1]

    def visit(self, element: etree._Element) -> Iterator[Cut]:
        """Judge the children of an element that stays."""
        for child in list(element):
            if child not in self.seen.span:
                yield from self._inline(child)
            elif (family := self._family(child)) and self.is_kept(child):
                continue
            elif family and self._affordable(child):
                if family in _LISTED:
                    yield from self._heading_of(child)
                yield _cut(child, family)
            else:
                yield from self.visit(child)

    def _affordable(self, element: etree._Element) -> bool:
        """Whether the article can spare this: all that goes together may hold three tenths of its prose at most."""
        self.spent += self.seen.prose(element)
        if self.spent <= 0.3 * self.total:
            return True
        self.spent -= self.seen.prose(element)
        return False

    def _inline(self, element: etree._Element) -> Iterator[Cut]:
        names = called(element)
        if element.tag in _BOXES or (names and element.tag in INLINE and strong(names) == "notice"):
            if not self.is_kept(element):
                yield _cut(element, "notice")
            return
        if element.tag == "span":
            self._is_caption(element, names, 0.0, 0)
        for child in list(element):
            yield from self._inline(child)

    def _heading_of(self, element: etree._Element) -> Iterator[Cut]:
        """The heading right before a list that goes, and that has nothing else to head."""
        before, after = element.getprevious(), element.getnext()
        if before is None or before.tag not in HEADINGS or (before.tail or "").strip():
            return
        heads_nothing = after is None or after not in self.seen.span or after.tag in HEADINGS or self._family(after)
        if heads_nothing and not self.is_kept(before):
            yield _cut(before, "related")

    def _family(self, element: etree._Element) -> str:
        """The family of furniture that an element belongs to, "" if it stays."""
        seen, names = self.seen, called(element)
        prose, size, inward = seen.prose(element), seen.size(element), seen.inward(element)
        if names and (family := self._named(element, names, prose, size, inward)):
            return family
        if element.tag in _BOXES and prose < 0.3 * self.total:
            return "box"
        if self._is_caption(element, names, prose, size) or self._is_figure(element):
            return ""
        return self._built(element, prose, size, inward) or self._at_edge(element, size)

    def _built(self, element: etree._Element, prose: float, size: int, inward: int) -> str:
        """What an element is by its build alone."""
        if self._repeats_title(element):
            return "title"
        card = element.tag not in HEADINGS and is_card(self.seen, element)
        if card and prose < min(200.0, 0.2 * self.total):
            return "related"
        if size and inward > 0.7 * size and self._is_pointer(element, prose, size):
            return "links"
        return ""

    def _named(self, element: etree._Element, names: str, prose: float, size: int, inward: int) -> str:
        family = strong(names)
        if family and prose < 0.5 * self.total and not (is_body(names) and prose > 0.1 * self.total):
            quotes = family == "share" and element.find(".//blockquote") is not None  # an embedded post
            return "" if quotes else family
        family = soft(names)
        if not family or prose >= 120 or (size >= 300 and inward <= 0.3 * size):
            return ""
        label = size < 25 and element.tag in _LOOSE and not _shows(element, names, size)  # a button that is none
        return "" if family == "promo" and inward <= 0.3 * size and not label else family

    def _is_pointer(self, element: etree._Element, prose: float, size: int) -> bool:
        """Whether an element that is mostly one link to the site's own pages points elsewhere, and no more."""
        if element.tag == "p":
            return size >= 20 and _SENTENCE_END.search(self._text(element)) is None
        return not prose and element.tag not in _PART_OF_ROW

    def _is_caption(self, element: etree._Element, names: str, prose: float, size: int) -> bool:
        """Make a caption of what is called one, and a figure of the box that holds it and its picture."""
        if not names or not is_caption(names) or size >= 800 or prose >= 0.3 * self.total:
            return False
        if element.find(".//img") is None and element.find("figcaption") is None:
            element.tag = "figcaption"
            self._frame(element)
        return True

    def _frame(self, caption: etree._Element) -> None:
        for box in list(caption.iterancestors())[:3]:
            if box.tag not in {"div", "span", "p"} or box not in self.seen.span:
                return
            if box.find(".//img") is not None:
                box.tag = "figure" if self.seen.size(box) < 900 else box.tag
                return

    def _is_figure(self, element: etree._Element) -> bool:
        """Make a figure of a box that holds a picture and a few words which are no paragraphs."""
        blocks = self.seen.inside(element)
        if element.tag != "div" or not 0 < len(blocks) < 4 or self.seen.size(element) > 300:
            return False
        if element.find(".//img") is None or any(block.where.tag not in {"div", "span"} for block in blocks):
            return False
        if any(block.where is element or block.linked for block in blocks):
            return False
        element.tag = "figure"
        for block in blocks:
            block.where.tag = "figcaption"
        return True

    def _at_edge(self, element: etree._Element, size: int) -> str:
        """Loose scraps before the first and after the last paragraph: dates, counters, headings of nothing."""
        start, end = self.seen.span[element]
        if (element.tag, called(element)) in self.makes:
            return ""  # where paragraphs are boxes, a short line in such a box is one of them
        if end <= self.first and size < 200 and (element.tag in _LOOSE or element.tag in {"ul", "h1"}):
            return "" if not size or any(map(is_named_deck, self.seen.inside(element))) else "before"
        if start > self.last and (element.tag in _LOOSE or element.tag in HEADINGS) and not self._heads(element):
            return "after" if size else ""
        return ""

    def _heads(self, element: etree._Element) -> bool:
        """Whether it is the heading of a table, list, picture or program right below it, without links, that stays."""
        below = element.getnext()
        if element.tag not in HEADINGS or below is None or below.tag not in _HEADED or (element.tail or "").strip():
            return False
        plain = below in self.seen.span and not any(block.linked for block in self.seen.inside(below))
        return plain and (self.is_kept(below) or not self._family(below))

    def _text(self, element: etree._Element) -> str:
        return " ".join(block.text for block in self.seen.inside(element))

    def _repeats_title(self, element: etree._Element) -> bool:
        """Whether it says the headline again: nothing else for any box, the better part of it for a heading."""
        if self.seen.size(element) > 400:
            return False
        own = _WORD.findall(self._text(element).lower())
        if element.tag not in {"h1", "h2", "h3"}:
            return len(own) > 3 and own == self.title
        short, long = sorted((own, self.title), key=len)
        return bool(short) and short == long[: len(short)] and (own == self.title or len(short) > max(2, len(long) / 2))


def _shows(element: etree._Element, names: str, size: int) -> bool:
    """Whether a box of few words is there for its pictures, or is a page builder's subhead."""
    if element.tag != "div" or not (showing := _SHOWING.search(names)):
        return False
    if size:
        headings = [child for child in element.iterdescendants() if child.tag in HEADINGS]
        return showing[1] == "elementor-widget" and len(headings) == 1 and element.find(".//a") is None
    pictures = [picture for picture in element.iterfind(".//img") if not is_icon(picture)]
    return any(showing[1] == "gallery" or leads_nowhere(picture) for picture in pictures)


def is_kept(kept: Kept, title: str, element: etree._Element) -> bool:
    """Whether a person said that what an element says has to stay."""
    return kept is not nothing and kept(_told(element), title)  # most sources have no rulings, and need no telling


def _told(element: etree._Element) -> str:
    """What a box says, a line for each of its blocks, as the stripper would see them."""
    pieces: list[str] = []
    for event, part in etree.iterwalk(element, events=("start", "end")):
        ends = part.tag not in INLINE
        if event == "start":
            pieces += ["\0" * ends, part.text or ""]
        else:
            pieces += ["\0" * ends, (part.tail or "") if part is not element else ""]
    lines = map(squeeze, "".join(pieces).split("\0"))
    return "\n".join(filter(None, lines))[:_LONGEST]
