"""Plain text as it is typed or mailed becomes blocks: which lines are a paragraph, a list, a quotation, a subhead."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import escape
from itertools import groupby, pairwise
from typing import Literal

from syndicate.text import squeeze

BlockKind = Literal["p", "h2", "ul", "blockquote"]
_BULLET = re.compile(r"\s*(?:[-*•·‣◦–]|o(?=\t))\s+(?=\S)")
# In many languages a dash, not a quotation mark, opens what is said.
_SAID = re.compile(r"\s*[-–]\s.*[.!?…][\"'”’»)]*$")
_NUMBER = re.compile(r"\s*\d{1,3}[.)]\s+(?=\S)")
_QUOTED = re.compile(r"\s*>\s?")
# What ends a line, for typesetters (U+2028, and U+2029 between paragraphs) and old mainframes (U+0085), too.
_LINE_END = re.compile(r"\r\n|[\r\n\x85\u2028\u2029]")
_BLANK = re.compile(r"[\s\u200b\u200c\u200d\u2060]*")
_NARROW, _WIDE = 40, 100  # characters: no program wraps at less, or more
_OPENING = " \t>\"'“„«‘‚(["  # signs before the first word of a line
_UNPARTED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")  # Chinese and Japanese
_STOPS = tuple(".!?…:;。！？।؟۔")  # signs behind the last word of a sentence
_CLOSING = "\"'”’»)]」』）"  # signs behind those
_EARLY = 12  # characters before its limit at which a program may wrap
_RULE = 8  # signs that make a rule
_PARAGRAPH = 3  # lines: fewer don't show a width of their own
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
    lines = ["" if _BLANK.fullmatch(line) else line.rstrip() for line in _LINE_END.split(text)]
    width = _wrap_width(lines)
    found: list[Block] = []
    for group in _groups(lines):
        found.extend(replace(block, attached=at > 0) for at, block in enumerate(_group_blocks(group, width)))
    return tuple(_subheads(found))


def is_prose(text: str) -> bool:
    """Whether a text consists of paragraphs, and is no program, table or drawing, in which white space counts."""
    paragraphs = [len(part) for part in text.split("\n\n") if part.strip()]
    signs = sum(not (sign.isalnum() or sign in " \n,.-'’\"“”") for sign in text)
    return len(paragraphs) > 2 and sum(paragraphs) > _PROSE * len(paragraphs) and signs < _SIGNS * len(text)


def _wrap_width(lines: list[str]) -> int:
    """The width at which a whole text was wrapped, by an e-mail program for one; 0 when it was not.

    Verse, results and notices have lines of like length, too: of lines that were wrapped, a third at least go on.
    """
    lengths = [len(line) for line in lines if line.strip()]
    if not lengths or sum(length > _WIDE for length in lengths) * 50 > len(lengths):
        return 0
    width = max((length for length in lengths if length <= _WIDE), default=0)
    full = [pair for pair in pairwise(lines) if all(pair) and _is_full(*pair, width)]
    return width if 3 * sum(_goes_on(*pair) for pair in full) >= len(full) else 0


def _groups(lines: list[str]) -> Iterator[list[str]]:
    """Part lines at blank ones, and at rules drawn with signs, which stand alone."""
    for drawn, group in groupby(lines, key=_is_drawn):
        if drawn:
            yield from ([line] for line in group)
        else:
            yield from (list(part) for told, part in groupby(group, key=lambda line: bool(line.strip())) if told)


def _is_drawn(line: str) -> bool:
    """Whether a line is a rule drawn with signs."""
    signs = line.strip()
    return len(signs) >= _RULE and not any(map(str.isalnum, signs))


def _group_blocks(group: list[str], width: int) -> Iterator[Block]:
    if all(_QUOTED.match(line) for line in group):
        inner = [_QUOTED.sub("", line, count=1).strip() for line in group]
        lines = [line for part in _groups(inner) for line in _joined(part, width)]
        if lines:
            yield Block("blockquote", tuple(lines))
        return
    items, rest = _items(group, _BULLET, width)
    if items and not _are_said(items):
        yield Block("ul", tuple(_BULLET.sub("", item, count=1) for item in items))
    else:
        if not items:
            items, rest = _items(group, _NUMBER, width)
            items = items if len(items) > 1 else []
        # Numbers are words of the article: 7 stays 7, also where the list is a part of one, or plain text is asked for.
        yield from (Block("p", (item,)) for item in items)
    if not items:
        yield from (Block("p", (line,)) for line in _joined(group, width))
    elif rest:
        yield from _group_blocks(rest, width)


def _are_said(items: list[str]) -> bool:
    """Whether lines behind dashes are speech: sentences all, and only one, or with a question, or behind en dashes."""
    spoken = len(items) == 1 or any(item.startswith("–") or "?" in item for item in items)
    return spoken and all(map(_SAID.match, items))


def _items(group: list[str], mark: re.Pattern[str], width: int) -> tuple[list[str], list[str]]:
    """Return the items of the list that a group begins with, each on one line, and the lines behind the list.

    An item goes on in lines that are indented, or that begin where a line was full; any other line ends the list.
    """
    items: list[str] = []
    for place, line in enumerate(group):
        if mark.match(line):
            items.append(squeeze(line))
        elif items and (line[0].isspace() or _is_full(group[place - 1], line, width)):
            items[-1] += f" {squeeze(line)}"
        else:
            return items, group[place:]
    return items, []


def _joined(group: list[str], width: int) -> list[str]:
    """The lines as paragraphs: one where they were wrapped at `width`, else each its own."""
    parts = list(_indented(group))
    if len(parts) > 1:
        return [line for part in parts for line in _joined(part, width)]
    if len(group) > 1 and _is_wrapped(group, width):
        return [squeeze(" ".join(group))]
    return [squeeze(line) for line in group]


def _indented(group: list[str]) -> Iterator[list[str]]:
    """Part lines where paragraphs are marked by their first line: some are indented, and none of those goes on."""
    starts = [place for place, line in enumerate(group) if line[0].isspace()]
    goes_on = any(_goes_on(group[place - 1], group[place]) for place in starts if place)
    if goes_on or not 1 < len(starts) < len(group):
        starts = []
    for start, end in pairwise((0, *(place for place in starts if place), len(group))):
        yield group[start:end]


def _is_wrapped(group: list[str], width: int) -> bool:
    """Whether each line ends where the next one's first word no longer fitted, and goes on, or was full to the end."""
    pairs = list(pairwise(group))
    if sum(_is_full(*pair, width) for pair in pairs) < 0.7 * len(pairs):
        return _is_wrapped_alone(group)
    goes_on = 3 * sum(_goes_on(*pair) for pair in pairs) >= len(pairs)
    return goes_on or all(_is_full(*pair, width, early=0) for pair in pairs) or _is_wrapped_alone(group)


def _is_wrapped_alone(group: list[str]) -> bool:
    """Whether a paragraph was wrapped at a width of its own, as mails are in which other lines are longer.

    No line is a word too short, and every other one ends amid a sentence: verse and lists are not so even. A line with
    an address may be longer.
    """
    lines = [line.strip() for line in group]
    width = max((len(line) for line in lines if "://" not in line), default=0)
    if len(lines) < _PARAGRAPH or not _NARROW <= width <= _WIDE:
        return False
    even = all(len(line) + 1 + _first_word(following) > width for line, following in pairwise(lines))
    amid = sum(
        (line[-1].isalpha() or line[-1] == ",") and following[0].islower() for line, following in pairwise(lines)
    )
    return even and 2 * amid >= len(lines) - 1


def _is_full(line: str, following: str, width: int, early: int = _EARLY) -> bool:
    """Whether the next line's first word no longer fitted; programs may wrap a little before their limit."""
    return width >= _NARROW and len(line) + 1 + _first_word(following) > width - early


def _first_word(line: str) -> int:
    """How many characters a line's first word has; where words are not parted by blanks, a line may end at any."""
    word = line.split(" ", 1)[0]
    return 1 if _UNPARTED.search(word[:2]) else len(word)


def _goes_on(line: str, following: str) -> bool:
    """Whether a sentence goes on in the next line: in a small letter, or amid it where letters know no case."""
    first = following.lstrip(_OPENING)[:1]
    amid = first.isalpha() and not first.isupper() and not line.rstrip(_CLOSING).endswith(_STOPS)
    return first.islower() or amid


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
