"""Page numbers and running heads that a document left between the lines of a plain text."""

import re
from collections.abc import Iterator
from dataclasses import replace

from syndicate.model import Cut
from syndicate.normalize.kept import Kept
from syndicate.normalize.kickers import is_date
from syndicate.normalize.shape import Block
from syndicate.text import squeeze

_PAGE = r"(?:page|seite|página|pagina|strona|sida|oldal|sivu|страница|стр\.)\s*"
_NUMBER = re.compile(r"[\s–—-]*(\d{1,4})[\s–—-]*")
_NAMED = re.compile(
    rf"(?:.{{1,60}}\|\s*)?[\s\[(–—-]*{_PAGE}(\d{{1,4}})(?:\s*(?:/|\w{{1,3}})\s*\d{{1,4}})?[\s\])–—-]*", re.IGNORECASE
)
_HEAD = 80  # characters of a running head at most
_BETWEEN = 3  # lines between two pages at most
_BACK = 2  # of a running head: how often it comes back at least
_ARTICLE = re.compile(r"(?:the|der|die|das|el|la|le|il|de|het)(?:\s|$)")
_AROUND = " ,|·•–—-"  # signs between a house's name and a day
_ENDS = re.compile(r"[.!?…:;][\"'”’»)\]]*$")


def without_pages(
    found: tuple[Block, ...], title: str, organization: str, taken: tuple[Cut, ...], kept: Kept
) -> tuple[tuple[Block, ...], tuple[Cut, ...]]:
    """Take out what stood between two pages, and join the paragraph that it tore; return the blocks and the cuts.

    Numbers alone may count the parts of a story: only where one tears a sentence, has the word for it, or stands
    beside the name of the `organization` that comes back, they count pages. `taken` went before.
    """
    gone = {place for place in _furniture(found, organization) if not kept(found[place].text, title)}
    left: list[Block] = []
    cuts: list[Cut] = []
    start = 0
    torn = False
    for place, block in enumerate(found):
        if place in gone:
            at = _placed(start, taken)
            cuts.append(
                Cut(block.text, "template", "a page's number or running head", start=at, end=at + len(block.text))
            )
        elif torn and left and _tears(left[-1], block):
            left[-1] = replace(block, lines=(f"{left[-1].text} {block.text}",))
        else:
            left.append(block)
        torn = place in gone
        start += len(block.text) + 1
    return tuple(left), tuple(cuts)


def _furniture(found: tuple[Block, ...], organization: str) -> set[int]:
    """The places of blocks that belong to pages."""
    running = set(_running(found, organization))
    numbers = [(place, told) for place, block in enumerate(found) if (told := _number(block.text)) >= 0]
    if not numbers:
        return running  # none, in most texts
    named = {place for place, _ in numbers if 0 < place < len(found) - 1 and _NAMED.fullmatch(found[place].text)}
    proven = named | {place for places in _torn(found) for place in places} | running
    counts = all(number == numbers[0][1] + step for step, (_, number) in enumerate(numbers))
    if counts and any(place in proven for place, _ in numbers):
        return proven | {place for place, _ in numbers}
    return proven


def _running(found: tuple[Block, ...], organization: str) -> Iterator[int]:
    """The places of running heads: lines that come back with the house's name and a day, or beside a page's number.

    The name alone may be who asks in an interview.
    """
    name = _ARTICLE.sub("", squeeze(organization).casefold())
    lines: dict[str, list[int]] = {}
    for place, block in enumerate(found) if name else ():
        lines.setdefault(block.text.casefold(), []).append(place)
    for line, places in lines.items():
        if len(places) < _BACK or len(line) > _HEAD or name not in line:
            continue
        day = line.replace(name, "", 1).strip(_AROUND)
        for place in filter(None, places):
            numbers = [at for at in (place - 1, place + 1) if 0 < at < len(found) and _number(found[at].text) >= 0]
            if is_date(day) or (numbers and not _ARTICLE.sub("", day)):
                yield from (place, *numbers)


def _torn(found: tuple[Block, ...]) -> Iterator[range]:
    """The places of short lines between two halves of a sentence, one of which is a page's number."""
    for place in range(1, len(found) - 1):
        for end in range(place + 1, min(place + _BETWEEN, len(found) - 1) + 1):
            lines = [block.text for block in found[place:end]]
            short = all(len(line) <= _HEAD and not _ENDS.search(line) for line in lines)
            if short and any(_number(line) >= 0 for line in lines) and _tears(found[place - 1], found[end]):
                yield range(place, end)


def _number(line: str) -> int:
    """The number of a page that a line consists of; -1 where it is no such line."""
    told = _NUMBER.fullmatch(line) or _NAMED.fullmatch(line)
    return int(told[1]) if told else -1


def _tears(above: Block, below: Block) -> bool:
    """Whether a sentence ends in neither block and goes on from one to the other."""
    return (
        above.kind == below.kind == "p"
        and len(above.text) > _HEAD
        and not _ENDS.search(above.text)
        and below.text[:1].islower()
    )


def _placed(start: int, taken: tuple[Cut, ...]) -> int:
    """Where something stood before other things were cut above it."""
    for cut in sorted(taken, key=lambda cut: cut.start):
        if cut.start < cut.end and cut.start <= start:
            start += cut.end - cut.start + 1
    return start
