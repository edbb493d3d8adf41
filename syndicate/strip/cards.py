"""Cards of other stories: small boxes that show one other page of the same site, title, section and teaser."""

from collections.abc import Iterator
from itertools import groupby, takewhile

from lxml.html import HtmlElement

from syndicate.strip.neighbours import BOXES, FILE, POINTER, homes_of
from syndicate.strip.verdicts import Judged

_CARDS, _LINES, _TITLED = BOXES | {"article", "a"}, 5, 0.95  # elements, lines of a card, share of links
_SECTION = 3  # words
_OTHERS = frozenset({"related", "scored", "nav", "readmore", "promo", "repeated"})  # what other stories' titles go for
_QUOTED = frozenset({"blockquote", "figure", "table", "dl", "details", "pre"})


def amid(judged: list[Judged]) -> None:
    """Cut a box between two paragraphs that shows another story: its linked title, and a few short lines beside.

    All its links lead to one page of the same site. It goes as a whole, for the reasons of `neighbours.pointers`.
    """
    for at, card in _boxes_of_lines(judged):
        around = judged[at - 1 : at] + judged[at + len(card) : at + len(card) + 1]
        inside = len(around) > 1 and around[0].prose and around[1].prose and not around[0].announces
        if inside and _shows_one(card):
            _cut_card(card)


def torn(judged: list[Judged]) -> None:
    """Cut the rest of a lone such box below the article where its title went for another story's.

    The title opens the box, but for a section of a word or two: a link further down may be where tickets are sold.
    """
    below = [card for _, card in _boxes_of_lines(judged) if _is_torn(card) and _shows_one(card)]
    if len(below) == 1:
        _cut_card(below[0])


def _is_torn(card: list[Judged]) -> bool:
    title = card[1] if _is_section(card[0]) else card[0]
    titled = title.reading.size > _SECTION and title.block.linked >= _TITLED
    return titled and title.family in _OTHERS and not any(item.after for item in card)


def _cut_card(card: list[Judged]) -> None:
    for item in card:
        if not item.family:
            item.cut("related", "form", "card", "a box that only shows another page of the site")
        item.sure = True


def _boxes_of_lines(judged: list[Judged]) -> Iterator[tuple[int, list[Judged]]]:
    """Yield boxes of a few lines in which no prose stands, each with the place of its first line."""
    homes, at = homes_of(judged), 0
    for home, group in groupby(judged, key=lambda item: outermost(item.block.container, homes)):
        lines = list(group)
        if home is not None and home.tag in _CARDS and 1 < len(lines) <= _LINES:
            yield at, lines
        at += len(lines)


def outermost(container: HtmlElement, homes: set[HtmlElement]) -> HtmlElement | None:
    """Return the largest element around a block in which no prose stands."""
    around = takewhile(lambda element: element not in homes, (container, *container.iterancestors()))
    return next(iter(list(around)[-1:]), None)


def _shows_one(card: list[Judged]) -> bool:
    """Whether the lines of a box link to one page of the same site, and one of them is its title.

    A section above the title may link to a page of its own.
    """
    parted = _is_section(card[0]) and any(item.block.links for item in card[1:])
    linked = card[1:] if parted else card
    addresses = {(link.get("href") or "").lower() for item in linked for link in item.block.links}
    kinds = {kind for item in linked for kind in item.reading.kinds}
    if len(addresses) != 1 or kinds != {"in"} or any("#" in address or FILE.search(address) for address in addresses):
        return False
    titled = any(item.block.linked >= _TITLED for item in linked)
    short = all(item.breadth < POINTER and not item.protected for item in card)
    return titled and short and all(_QUOTED.isdisjoint(item.block.tags) for item in card)


def _is_section(item: Judged) -> bool:
    """Whether it may name a section of the site: a word or two without figures, no link or one within the site."""
    named = item.reading.size <= _SECTION and not any(map(str.isdigit, item.block.text))
    return named and item.reading.kinds <= {"in", "tag"}
