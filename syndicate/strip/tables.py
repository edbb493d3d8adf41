"""Tables of data: each is the article's own, as a whole, whatever its cells say."""

import re
from collections.abc import Iterable
from itertools import groupby

from lxml.html import HtmlElement

from syndicate.strip.verdicts import Judged

_ROWS, _FIGURES = 3, 0.25  # rows, and the share of cells that hold a figure
_CELLS = frozenset({"td", "th"})
_CELL, _LINKED = 80, 0.5  # characters, and the share of a table's cells that are links
_FIGURE = re.compile(r"(?=.*\d)(?:[^\W\d_]{0,4}[\W\d_]+){1,6}[^\W\d_]{0,4}")  # "31.4 %", "+3", "2:1", "9 am", "£ 1.20"


def mark(judged: list[Judged]) -> None:
    """Note the cells of tables of data as facts: scores, prices, results, hours.

    One cell may say "Share" or "Votes", and names come back from one article to the next; what such a cell says counts
    only with those beside it. Tables that only lay out a page hold paragraphs, links, or a row of buttons.
    """
    for table, group in groupby(judged, key=_table):
        cells = list(group) if table is not None else []
        if len(cells) > _ROWS and _is_data(cells):
            for cell in cells:
                cell.fact, cell.rules = True, ()


def _cell(item: Judged) -> HtmlElement | None:
    """Return the table cell that a block is all of."""
    cell = item.block.container
    parent = cell.getparent()
    if cell.tag == "p" and parent is not None and parent.tag in _CELLS and len(parent) == 1:
        cell = parent  # as word processors write them
    return cell if cell.tag in _CELLS else None


def _table(item: Judged) -> HtmlElement | None:
    cell = _cell(item)
    return None if cell is None else next(cell.iterancestors("table"), None)


def _row(item: Judged) -> HtmlElement | None:
    cell = _cell(item)
    return None if cell is None else cell.getparent()


def _is_data(cells: list[Judged]) -> bool:
    """Whether a table holds rows of at least two short cells, not mainly links, with figures among them."""
    if any(cell.breadth > _CELL for cell in cells) or _share(cell.block.linked > _LINKED for cell in cells) > _LINKED:
        return False
    rows = [len(list(row)) for _, row in groupby(cells, key=_row)]
    full = sum(length > 1 for length in rows) >= _ROWS
    return full and _share(_FIGURE.fullmatch(cell.block.text) is not None for cell in cells) >= _FIGURES


def _share(answers: Iterable[bool]) -> float:
    found = list(answers)
    return sum(found) / len(found)
