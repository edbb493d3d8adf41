"""What is left of something of which most went: the rest of a list or a menu, labels and lines that say nothing now.

These look once, when rules, scorer and both readings are through.
"""

from itertools import dropwhile, groupby, pairwise

from lxml.html import HtmlElement

from syndicate.normalize.tree import HEADINGS
from syndicate.strip.cards import outermost
from syndicate.strip.neighbours import BOXES, homes_of
from syndicate.strip.verdicts import INNER, Judged

_LIST, _ITEM = 3, 170  # items of a list, and characters of one
_MENU, _GONE, _SCRAP = 12, 0.45, 80  # lines of a menu, share of a run that went, and characters
_OPEN = INNER | {"share", "follow", "newsletter"}  # what boxes within articles are for
_ASKING = ("?", "!", "？", "！", "؟")
_SHOWN = 0.1  # share of lines with links
_LABEL = 8  # words
_BARE = 2  # words
_OTHERS = 2  # lines below a heading
_STRAY = 130  # characters
_APART = INNER | {"ad", "copyright"}


def lists(judged: list[Judged]) -> None:
    """Cut the rest of a list of which more than half went: what its author put together is of one kind."""
    for _, group in groupby(judged, key=_list_of):
        items = list(group)
        gone = [item for item in items if item.family]
        if len(items) < _LIST or 2 * len(gone) <= len(items) or _list_of(items[0]) is None:
            continue
        for item in items:
            if not item.family and not item.protected and item.breadth < _ITEM:
                item.cut(
                    gone[-1].family, "neighbours", "list of boilerplate", f"{len(gone)} of its {len(items)} items went"
                )


def _list_of(item: Judged) -> HtmlElement | None:
    container = item.block.container
    return container.getparent() if container.tag == "li" else None


def menus(judged: list[Judged]) -> None:
    """Cut what is left of a run of lines above or below a text of which about half went: menus, footers, headlines.

    Only where no link is shown: those of a page are menus, those of a feed more often the article's own. A whole menu
    has to part a line from the text; behind a short box may stand the article's own list.
    """
    runs = [list(items) for _, items in groupby(judged, key=_is_text)]
    for items in (runs[0][::-1], runs[-1]) if len(runs) > 1 else ():
        run = list(dropwhile(lambda item: not item.family, items))
        gone = [item for item in run if item.family]
        shown = sum(item.block.linked > 0 for item in run)
        if _is_text(items[0]) or shown > _SHOWN * len(run) or len(gone) < _GONE * len(run):
            continue
        closed = 0
        for item in run:
            closed += bool(item.family) and item.family not in _OPEN
            if closed >= _MENU and _is_scrap(item):
                item.cut("nav", "neighbours", "run of boilerplate", f"{len(gone)} of {len(run)} lines on end went")


def _is_text(item: Judged) -> bool:
    """Whether it stays and reads as a sentence of the article, if only a short one."""
    reads = item.prose or (item.whole and item.breadth >= _SCRAP)
    return reads and not (item.family or _asks(item))


def _asks(item: Judged) -> bool:
    """Whether it asks or exclaims as headlines do."""
    return item.block.text.endswith(_ASKING) and item.breadth < _ITEM


def _is_scrap(item: Judged) -> bool:
    stays = item.family or item.protected or item.raw or item.fact or item.piece
    return not stays and item.breadth < _ITEM and (not item.whole or _asks(item))


def headings(judged: list[Judged]) -> None:
    """Cut the heading of a box of which nothing else is left: a form for donations, a widget."""
    homes = homes_of(judged)
    for box, group in groupby(judged, key=lambda item: outermost(item.block.container, homes)):
        heading, *others = group
        if box is None or box.tag not in BOXES or heading.block.tag not in HEADINGS or len(others) < _OTHERS:
            continue
        if all(item.family not in _APART for item in others) and next(box.iter("img"), None) is None:
            _take_along(heading, others[0])


def remains(judged: list[Judged]) -> None:
    """Cut what makes no sense any more: a label with a colon above what went, a line of signs that parts nothing.

    In a text, so is a line that is no statement and stands between two that went.
    """
    for above, item, below in zip(judged, judged[1:], judged[2:], strict=False):
        if item.plain and _is_stray(item) and not {above.family, below.family} & _APART:
            _take_along(item, above)
    for item, below in pairwise(judged):
        if (
            below.family not in _APART
            and (item.announces or item.block.text.endswith(";"))
            and item.reading.size <= _LABEL
        ):
            _take_along(item, below)
    kept = [at for at, item in enumerate(judged) if not item.family and item.reading.words]
    if len(kept) > 1 and _announces_nothing(judged[kept[-1]]):
        judged[kept.pop()].cut("nav", "form", "label of nothing", "nothing follows that it could announce")
    first, last = (kept[0], kept[-1]) if kept else (0, len(judged))
    for at, item in enumerate(judged):
        beside = judged[max(at - 1, 0) : at] + judged[at + 1 : at + 2]
        parts = first < at < last and not all(other.family for other in beside)
        if not item.reading.words and not parts and any(other.family for other in beside):
            _take_along(item, next(other for other in beside if other.family))


def _announces_nothing(last: Judged) -> bool:
    """Whether the last line of a text is a label of a word or two ("Authors:")."""
    labels = last.announces and last.reading.size <= _BARE
    return labels and last.plain and not last.protected and not last.block.media and last.before > 0


def _is_stray(item: Judged) -> bool:
    """Whether it may be an item of a list: it is short, and states nothing."""
    asks = item.block.text.endswith(("?", "!", "？", "！"))
    return item.breadth < _STRAY and bool(item.reading.words) and (asks or (item.after == 0 and not item.sentence))


def _take_along(item: Judged, other: Judged) -> None:
    if not item.family and not item.protected and not item.block.media:
        item.cut(other.family, "neighbours", "beside boilerplate", "it says nothing without what went")
