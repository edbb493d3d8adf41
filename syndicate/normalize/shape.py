"""Plain text as it is typed or mailed becomes blocks: which lines are a paragraph, a list, a quotation, a subhead."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import escape
from itertools import groupby
from typing import Literal

from syndicate.normalize.wrapped import Wrapping, closed_up, is_full, joined, paragraphs, wrapping
from syndicate.text import squeeze

BlockKind = Literal["p", "h2", "ul", "blockquote"]
# U+F0A7 and U+F0B7 are a word processor's squares and dots.
_BULLET = re.compile(r"\s*(?:[-*•·‣◦–▪■●○➢►\uf0a7\uf0b7]|o(?=\t))\s+(?=\S)")
_HEADING_SIGNS = "▪■●○►"  # stand in front of headings, too: one such line is no list
# In many languages a dash, not a quotation mark, opens what is said.
_SAID = re.compile(r"\s*[-–]\s.*[.!?…][\"'”’»)]*$")
_NUMBER = re.compile(r"\s*\d{1,3}[.)]\s+(?=\S)")
_QUOTED = re.compile(r"\s*>\s?")
# What ends a line, for typesetters (U+2028, and U+2029 between paragraphs) and old mainframes (U+0085), too, and where
# a program has made "\r\n" of "\n" twice.
_LINE_END = re.compile(r"\r{1,3}\n|[\r\n\x85\u2028\u2029]")
_OTHER_ENDS = "\r\x85\u2028\u2029"  # without which a text is quickly cut
_BLANK = re.compile(r"[\s\u200b\u200c\u200d\u2060]*")
_RULE = 8  # signs that make a rule
_MAIL = 5  # quoted lines, fewer of which are a quotation and no article
_BREAK = re.compile(r"([*#=_~•·+–—-])(?:\s*\1){2,}")  # between parts of a story
_URL = re.compile(r"https?://[^\s<>\"'()\[\]]{3,1000}[^\s<>\"'()\[\].,;:!?]")
_PROSE, _SIGNS = 50, 0.06  # characters of a paragraph on average, and the share of signs that prose has few of


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a plain-text article; `lines` are its list items, else its single line.

    It is `attached` to the one above it if no blank line stands between them.
    """

    kind: BlockKind
    lines: tuple[str, ...]
    attached: bool = False

    @property
    def text(self) -> str:
        """The block's words, on one line."""
        return " ".join(self.lines)


def blocks(text: str) -> tuple[Block, ...]:
    """Cut a plain text into blocks. Blank lines part them; hard-wrapped lines are joined again."""
    typed = _LINE_END.split(text) if any(map(text.__contains__, _OTHER_ENDS)) else text.split("\n")
    lines = ["" if _BLANK.fullmatch(line) else line.rstrip() for line in typed]
    lines = closed_up(_unquoted(lines) if ">" in text else lines)
    wrap = wrapping(lines)
    found: list[Block] = []
    for group in _groups(lines):
        parts = list(_group_blocks(group, wrap))
        found += [*parts[:1], *(replace(block, attached=True) for block in parts[1:])]
    return tuple(_subheads(found))


def _unquoted(lines: list[str]) -> list[str]:
    """The lines as they were before somebody quoted them all in a mail; at most a line in ten is their own."""
    quoted = sum(_QUOTED.match(line) is not None for line in lines)
    if quoted < _MAIL or 10 * quoted < 9 * sum(map(bool, lines)):
        return lines
    parts = groupby(lines, key=lambda line: not line or _QUOTED.match(line) is not None)
    return [line for _, part in parts for line in (*map(_inner, part), "")]


def _inner(line: str) -> str:
    """A line without the sign that quotes it."""
    sign = _QUOTED.match(line)
    return line[sign.end() :] if sign else line


def is_prose(text: str) -> bool:
    """Whether a text consists of paragraphs, and is no program, table or drawing, in which white space counts."""
    paragraphs = [len(part) for part in text.split("\n\n") if part.strip()]
    signs = sum(not (sign.isalnum() or sign in " \n,.-'’\"“”") for sign in text)
    return len(paragraphs) > 2 and sum(paragraphs) > _PROSE * len(paragraphs) and signs < _SIGNS * len(text)


def _groups(lines: list[str]) -> Iterator[list[str]]:
    """Part lines at blank ones, and at rules drawn with signs, which stand alone."""
    for drawn, group in groupby(lines, key=_is_drawn):
        if drawn:
            yield from ([line] for line in group)
        else:
            for told, part in groupby(group, key=bool):
                yield from _sides(list(part)) if told else ()


def _sides(group: list[str]) -> Iterator[list[str]]:
    """Part lines where a quotation of several lines begins and ends."""
    if not any(">" in line for line in group):
        yield from _announced(group)
        return
    parts = [list(part) for _, part in groupby(group, key=lambda line: _QUOTED.match(line) is not None)]
    several = all(len(part) > 1 for part in parts if _QUOTED.match(part[0]))
    for part in parts if several else [group]:
        yield from _announced(part)


def _announced(group: list[str]) -> Iterator[list[str]]:
    """Part a list of several items from the line that announces it."""
    marked = [place for place, line in enumerate(group) if _BULLET.match(line)]
    if len(marked) > 1 and marked[0] and group[marked[0] - 1].endswith(":"):
        yield group[: marked[0]]
        group = group[marked[0] :]
    yield group


def _is_drawn(line: str) -> bool:
    """Whether a line is a rule drawn with signs."""
    signs = line.strip()
    if signs[:1].isalnum():
        return False  # most lines
    return (len(signs) >= _RULE and not any(map(str.isalnum, signs))) or _BREAK.fullmatch(signs) is not None


def _group_blocks(group: list[str], wrap: Wrapping) -> Iterator[Block]:
    if all(_QUOTED.match(line) for line in group):
        inner = [_inner(line).strip() for line in group]
        lines = [line for part in _groups(inner) for line in paragraphs(part, wrap)]
        if lines:
            yield Block("blockquote", tuple(lines))
        return
    items, rest = _items(group, _BULLET, wrap)
    if items and not _are_said(items) and _are_items(items):
        yield Block("ul", tuple(_BULLET.sub("", item, count=1) for item in items))
    else:
        if not items:
            items, rest = _items(group, _NUMBER, wrap)
            items = items if len(items) > 1 else []
        # Numbers are words of the article: 7 stays 7, also where the list is a part of one, or plain text is asked for.
        yield from (Block("p", (item,)) for item in items)
    if not items:
        yield from (Block("p", (line,)) for line in paragraphs(group, wrap))
    elif rest:
        yield from _group_blocks(rest, wrap)


def _are_items(items: list[str]) -> bool:
    """Whether lines behind signs make a list: a page's number and a break of signs don't, nor does a heading."""
    return any(map(str.isalpha, "".join(items))) and (len(items) > 1 or items[0][0] not in _HEADING_SIGNS)


def _are_said(items: list[str]) -> bool:
    """Whether lines behind dashes are speech: sentences all, and only one, or with a question, or behind en dashes."""
    spoken = len(items) == 1 or any(item.startswith("–") or "?" in item for item in items)
    return spoken and all(map(_SAID.match, items))


def _items(group: list[str], mark: re.Pattern[str], wrap: Wrapping) -> tuple[list[str], list[str]]:
    """Return the items of the list that a group begins with, each on one line, and the lines behind the list.

    An item goes on in lines that are indented, or that begin where a line was full; any other line ends the list.
    """
    items: list[str] = []
    for place, line in enumerate(group):
        if mark.match(line):
            items.append(squeeze(line))
        elif items and (line[0].isspace() or is_full(group[place - 1], line, wrap.width)):
            items[-1] = joined([items[-1], line], wrap)
        else:
            return items, group[place:]
    return items, []


def _subheads(found: list[Block]) -> Iterator[Block]:
    """Short lines in capitals between other blocks are subheads; their words stay as they are."""
    for position, block in enumerate(found):
        inside = 0 < position < len(found) - 1
        if inside and block.kind == "p" and is_capitals(block.text):
            yield replace(block, kind="h2")
        else:
            yield block


def is_capitals(line: str) -> bool:
    """Whether a line is short, in capitals, and no sentence."""
    if not line.isupper() or len(line) > 80:
        return False
    words = line.split()
    return (
        1 <= len(words) <= 12
        and any(len(word) >= 4 and word.isalpha() for word in words)
        and not line.endswith((".", "!", ",", ";", ":", "…"))
        and not line.startswith(("(", "[", "*", "#"))
    )


def render(found: tuple[Block, ...] | list[Block]) -> str:
    """The blocks as HTML; bare web addresses become links."""
    return "\n".join(_render(block) for block in found)


def _render(block: Block) -> str:
    if block.kind == "ul":
        items = "".join(f"<li>{linked(line)}</li>" for line in block.lines)
        return f"<ul>{items}</ul>"
    if block.kind == "blockquote":
        return "<blockquote>" + "".join(f"<p>{linked(line)}</p>" for line in block.lines) + "</blockquote>"
    return f"<{block.kind}>{linked(block.text)}</{block.kind}>"


def linked(line: str) -> str:
    """One line of text as HTML."""
    pieces, end = [], 0
    for match in _URL.finditer(line):
        pieces.append(escape(line[end : match.start()], quote=False))
        pieces.append(f'<a href="{escape(match[0])}">{escape(match[0], quote=False)}</a>')
        end = match.end()
    pieces.append(escape(line[end:], quote=False))
    return "".join(pieces)
