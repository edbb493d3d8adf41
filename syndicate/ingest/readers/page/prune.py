"""What is taken out of the article's container: boxes of furniture that stand between or around its paragraphs."""

import re

from lxml import etree

from syndicate.ingest.readers.page import tree
from syndicate.ingest.readers.page.chrome import called, is_caption, soft, strong
from syndicate.ingest.readers.page.judge import is_card
from syndicate.ingest.readers.page.survey import HEADINGS, Survey

_GONE = frozenset({"nav", "footer", "aside", "form", "button", "select", "textarea", "input", "hr"})
_SENTENCE_END = re.compile(r"[.!?…。！？:][\"”’»)\]]*$")
_WORD = re.compile(r"\w+")


def prune(seen: Survey, container: etree._Element, title: str) -> None:
    """Take the furniture out of the container."""
    pruning = _Pruning(seen, container, title)
    pruning.visit(container)


class _Pruning:
    def __init__(self, seen: Survey, container: etree._Element, title: str) -> None:
        self.seen = seen
        self.total = seen.prose(container)
        self.title = _WORD.findall(title.lower())
        start, end = seen.span[container]
        prose = [i for i in range(start, end) if seen.blocks[i].prose]
        self.first, self.last = prose[0], prose[-1]

    def visit(self, element: etree._Element) -> None:
        for child in list(element):
            if child not in self.seen.span:
                self.inline(child)
                continue
            if self.furniture(child):
                tree.drop(child)
            else:
                self.visit(child)

    def inline(self, element: etree._Element) -> None:
        if element.tag in _GONE:
            tree.drop(element)
            return
        names = called(element)
        if names and is_caption(names):
            element.tag = "figcaption"
        elif names and strong(names) == "notice":
            tree.drop(element)
            return
        for child in list(element):
            self.inline(child)

    def furniture(self, element: etree._Element) -> str:
        seen = self.seen
        start, end = seen.span[element]
        names = called(element)
        prose = seen.prose(element)
        size = seen.size(element)
        if names and (family := strong(names)) and prose < 0.5 * self.total:
            if family != "share" or element.find(".//blockquote") is None:
                return family
        if element.tag in _GONE and prose < 0.3 * self.total:
            return "box"
        if names and is_caption(names) and size < 800 and prose < 0.3 * self.total:
            element.tag = "figcaption"
            return ""
        inward = seen.inward(element)
        if names and (family := soft(names)) and prose < 120 and (size < 300 or inward > 0.3 * size):
            if family != "promo" or inward > 0.3 * size:
                return family
        if element.tag in {"h1", "h2", "h3"} and self.repeats_title(element):
            return "title"
        if prose < 0.2 * self.total and is_card(seen, element):
            return "card"
        if element.tag == "p" and size >= 20 and inward > 0.7 * size and not _SENTENCE_END.search(self.text(element)):
            return "related"
        if size and inward > 0.7 * size and not prose and element.tag not in {"p", "li", "td", "tr", "tbody"} | HEADINGS:
            return "links"
        if end <= self.first and element.tag in {"div", "span", "time", "ul", "h1"} and size < 200:
            return "before"
        if start > self.last and element.tag in {"div", "span", "time", "h2", "h3", "h4"}:
            return "after"
        return ""

    def text(self, element: etree._Element) -> str:
        return " ".join(block.text for block in self.seen.inside(element))

    def repeats_title(self, element: etree._Element) -> bool:
        own = _WORD.findall(self.text(element).lower())
        return bool(own) and (own == self.title[: len(own)] or self.title == own[: len(self.title)])
