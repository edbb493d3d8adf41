"""Articles on several pages: where one goes on, and its pages as one article."""

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace

from lxml import etree
from lxml.html import HtmlElement

from syndicate.ingest.readers.page.tree import drop
from syndicate.model import Cut, Entry
from syndicate.normalize.tree import parse, serialize, text_of
from syndicate.normalize.urls import absolute

_ENDING = re.compile(r"/$|\.(?:html?|php|aspx?)$")
_COMMENTS = re.compile(r"[?&]c(?:omment-?)?page=|comment", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Said:
    """What a part of a page says, and the pictures that it shows."""

    text: str = ""
    shown: tuple[str, ...] = ()

    @classmethod
    def by(cls, element: HtmlElement) -> "_Said":
        """What this element says."""
        return cls(text_of(element), tuple(picture.get("src", "") for picture in element.iter("img")))


_NOTHING = _Said()


def next_leaf(root: etree._Element, base: str, own: Sequence[str], number: int) -> str:
    """The address of an article's page of this number, as one of its other pages links to it; "" where none does.

    `own` are addresses of the first page. What a page calls its next, or by a bare figure, may be another article, or
    a page of comments: the address has to be the article's own and the number ("/2", "?page=2", "-2", "/page/2").
    """
    numbered = re.compile(rf"[/?&,_-]{{0,2}}(?:\w{{1,8}}[=/,-])?{number}")
    starts = [start for one in own if one for start in (one, _ENDING.sub("", one))]
    for element in root.iter("link", "a"):
        is_next = "next" in (element.get("rel") or "").lower().split()
        if not is_next and text_of(element) != str(number):
            continue
        link = absolute(element.get("href") or "", base)
        rests = [_ENDING.sub("", link)[len(start) :] for start in starts if link.startswith(start)]
        if any(numbered.fullmatch(rest) and not _COMMENTS.search(rest) for rest in rests):
            return link
    return ""


def joined(leaves: Sequence[Entry]) -> Entry:
    """The article whose pages these entries are; the first says all but the text.

    What heads a page and stands on one before it, such as deck and picture, is said once; the rest is told as cuts.
    """
    first, *others = leaves
    bodies, cuts = [first.body], [*first.cuts]
    seen = _all_said(_body(first))
    for leaf in others:
        cuts += leaf.cuts
        body = _body(leaf)
        said = _all_said(body)
        cuts += [Cut(text, "duplicate", "it heads several pages of the article") for text in _drop_head(body, seen)]
        bodies.append(serialize(body))
        seen |= said
    doubt = next((leaf.doubt for leaf in leaves if leaf.doubt), "")
    return replace(first, body="".join(bodies), cuts=tuple(cuts), goes_on=leaves[-1].goes_on, doubt=doubt)


def _body(leaf: Entry) -> HtmlElement:
    """A page's body, with addresses that hold on any page."""
    body = parse(leaf.body)
    body.make_links_absolute(leaf.base_url, handle_failures="ignore")
    return body


def _all_said(body: HtmlElement) -> set[_Said]:
    """What the elements of a body say, each for itself."""
    return {_Said.by(element) for element in body.iter(etree.Element)} - {_NOTHING}


def _drop_head(part: HtmlElement, seen: Set[_Said]) -> Iterator[str]:
    """Take from the top of a part what was `seen`; gives the texts. What says something new ends it."""
    for element in list(part.iterchildren(etree.Element)):
        said = _Said.by(element)
        if said in seen:
            drop(element)
            if said.text:
                yield said.text
        elif said != _NOTHING:
            yield from _drop_head(element, seen)
            return
