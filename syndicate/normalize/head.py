"""The head of a plain-text article: headline, rubric, date, leaked caption and byline move to where they belong."""

import re
from collections import Counter
from dataclasses import dataclass, replace
from itertools import pairwise, takewhile

from syndicate.model import Cut, Dateline, Person
from syndicate.normalize.byline import byline, with_role
from syndicate.normalize.datelines import dateline
from syndicate.normalize.headline import SENTENCE_END, can_be_headline, headline, headline_lines, heads_all
from syndicate.normalize.kept import Kept, nothing
from syndicate.normalize.kickers import (
    Above,
    above_headline,
    house,
    is_label,
    is_rule,
    is_section,
    rubric,
    tells_when,
    without_labels,
)
from syndicate.normalize.shape import Block
from syndicate.text import squeeze

_SKIP_LINK = re.compile(r"(?:skip|jump) to (?:main |the )?(?:content|navigation|article)", re.IGNORECASE)
_POSTED = re.compile(r"\b(?:posted|published|updated|by|on|\d{4})\b", re.IGNORECASE)
_WORDS = re.compile(r"\w+")
HEAD_BLOCKS = 6
_RUNNING, _LINE = 3, 60  # of a line that every page begins with: how often it stands there, its characters
_TOP = 4  # blocks among which the byline stands
HEADLINES = 3  # blocks at the top that may repeat the headline
_CERTAIN = frozenset({"release", "rule", "date", "note"})
_ABOVE: dict[Above, str] = {
    "rule": "a rule beside the headline",
    "date": "says when the article appeared",
    "rubric": "a rubric beside the headline",
    "house": "names who publishes the article above its headline",
    "note": "a note beside the headline",
}


@dataclass(frozen=True, slots=True)
class Head:
    """What the first blocks said; `body` are the blocks that stay, `cuts` those that moved into a field.

    `dated` are the lines that say when the article appeared, `rubrics` what part of a paper it stood in.
    """

    title: str
    body: tuple[Block, ...]
    caption: str = ""
    authors: tuple[Person, ...] = ()
    dateline: Dateline | None = None
    cuts: tuple[Cut, ...] = ()
    dated: tuple[str, ...] = ()
    rubrics: tuple[str, ...] = ()


def read_head(
    found: tuple[Block, ...], title: str, organization: str = "", *, headed: bool = True, kept: Kept = nothing
) -> Head:
    """Take headline, caption and byline off the top of an article.

    `title` is the headline when it is already known; otherwise the first line is it, if the text is `headed`, as
    files are and the short notes in feeds are not. The dateline is read but stays in the text, and so does what is
    `kept`: a byline still names the authors, a line that is text is no caption.
    """
    top = _Top(_unlabelled(found) if headed else found, title, kept)
    title = top.take_headline(organization, headed=headed)
    top.take_labels()
    top.take_dates(organization, headed=headed)
    caption, authors = top.take_byline(organization)
    place = next((line for block in top.unkept()[:3] if (line := dateline(block.text))), None)
    left = _without_leading_subhead(tuple(block for _, block in top.body))
    return Head(title, left, caption, authors, place, tuple(top.cuts), tuple(top.dated), tuple(top.rubrics))


class _Top:
    """The blocks of an article with their places, while what belongs elsewhere is taken off their top."""

    def __init__(self, found: tuple[Block, ...], title: str, kept: Kept) -> None:
        self.body = list(enumerate(found))
        self.cuts: list[Cut] = []
        self._starts = _starts(found)
        self._place, self._above = -1, 0  # of the headline, which is no part of the body: its place, its characters
        self._title = title
        self._kept = kept
        self._back: set[int] = set()  # the places of what is kept
        self.dated: list[str] = []
        self.rubrics: list[str] = []

    def unkept(self) -> list[Block]:
        """Return the blocks that nobody asked to keep."""
        return [block for position, block in self.body if position not in self._back]

    def take_headline(self, organization: str, *, headed: bool) -> str:
        """Take off what repeats the headline, and the first line if it is the headline; return that."""
        body = self.body
        top = 0
        skips = body and _SKIP_LINK.fullmatch(body[0][1].text)
        if skips and not self._take(0, "nav", "a link that skips to the content"):
            top = 1
        known = bool(self._title)
        if not known and headed and len(body) > top + 1:
            above = self._above_headline(top, organization)
            known = self._name(top + len(above))
            for index, kind in reversed(list(enumerate(above, top))):
                self._take_above(index, kind)
        for index in range(top + HEADLINES - 1, top - 1, -1) if known else ():
            if index < len(body) and len(body) > top + 1 and repeats(body[index][1].text, self._title):
                self._take(index, "headline", "repeats the headline")
        return self._title

    def _above_headline(self, top: int, organization: str) -> list[Above]:
        """What stands in the lines above the headline.

        Without a line that can be the headline, the first one is it, whatever it says, unless it is surely none.
        """
        blocks = [block for _, block in self.body]
        houses = _houses(blocks, organization)
        found: list[Above] = []
        for block, following in pairwise(blocks[top : top + HEAD_BLOCKS + 1]):
            if (kind := above_headline(block.text, following.text, houses)) is None:
                break
            found.append(kind)
        if _is_top(blocks[top + len(found) :], certain=_CERTAIN.issuperset(found)):
            return found
        return list(takewhile(lambda kind: kind in {"release", "rule"}, found))

    def _name(self, at: int) -> bool:
        """Make the line there the headline, with those that go on with it; whether it says nothing else."""
        parts = headline_lines([block for _, block in self.body[at:]])
        self._title, known = headline(" ".join(parts))
        if known:
            self._place = self.body[at + len(parts) - 1][0]
            self._above = sum(len(part) + 1 for part in parts)
            del self.body[at : at + len(parts)]
            if at < len(self.body) - 1 and is_rule(self.body[at][1].text):
                self._take_above(at, "rule")
        return known

    def _take_above(self, index: int, kind: Above) -> None:
        """Take a line above the headline to where it is of use.

        Those of a press release are the rules' matter; what is in capitals may be a headline above its deck.
        """
        line = self.body[index][1].text
        if kind == "date":
            self.dated.append(line)
        if kind not in _ABOVE:
            return
        if self._take(index, "date" if kind == "date" else "kicker", _ABOVE[kind]) and kind == "rubric":
            self.rubrics.append(rubric(line))

    def take_labels(self) -> None:
        """Take off the labels of a form for copy, and the line that says which part of a paper it is for."""
        is_form = any(is_label(block.text) for _, block in self.body) or any(is_label(cut.text) for cut in self.cuts)
        for index in range(min(HEAD_BLOCKS, len(self.body) - 1) - 1, -1, -1) if is_form else ():
            line = self.body[index][1].text
            if is_label(line) or is_section(line):
                self._take_above(index, "note" if is_label(line) else "rubric")

    def take_dates(self, organization: str, *, headed: bool) -> None:
        """Take off the lines beside byline and dateline that say when the article appeared, as feeds do elsewhere."""
        top = [block for _, block in self.body[:_TOP]]
        by = next((at for at, block in enumerate(top) if _is_byline(block, organization, first=not at)), -1)
        end = by + 2 if by >= 0 else next((at for at, block in enumerate(top) if dateline(block.text)), -1)
        for index in range(len(top) - 1, -1, -1) if headed else ():
            line = top[index].text
            if index < len(self.body) - 1 and tells_when(line, beside=index < end):
                self.dated.append(line)
                self._take(index, "date", _ABOVE["date"])

    def take_byline(self, organization: str) -> tuple[str, tuple[Person, ...]]:
        """Take off the byline, its people's role below and a caption above it; return caption and people."""
        body = self.body
        at = next((i for i, (_, block) in enumerate(body[:_TOP]) if _is_byline(block, organization, first=not i)), -1)
        if at < 0:
            return "", ()
        authors = byline(body[at][1].text, organization=organization)
        caption = self._caption_above(at)
        if self._take(at, "byline", "names the authors at the top of the article") and at + 1 < len(body):
            described = with_role(authors, body[at][1].text, organization=organization)
            if described and self._take(at, "byline", "says what the authors named above it are"):
                authors = described
        if caption and self._take(at - 1, "caption", "a picture's caption between headline and byline"):
            return caption, authors
        return "", authors

    def _caption_above(self, at: int) -> str:
        """The caption right above the byline; the second line of a deck is none."""
        between = [block for position, block in self.body[:at] if position > self._place]
        if not between or (between[-1].attached and len(between) > 1) or not _is_caption(between[-1].text):
            return ""
        return between[-1].text

    def _take(self, index: int, family: str, reason: str) -> bool:
        position, block = self.body[index]
        if self._kept(block.text, self._title):
            self._back.add(position)
            return False
        start = self._starts[position] - (self._above if position > self._place else 0)
        self.cuts.append(Cut(block.text, family, reason, start=start, end=start + len(block.text)))
        del self.body[index]
        return True


def _unlabelled(found: tuple[Block, ...]) -> tuple[Block, ...]:
    """The blocks, with the labels of a form for copy as blocks of their own."""
    parted: list[Block] = []
    for block, parts in zip(found, without_labels([block.text for block in found[:HEAD_BLOCKS]]), strict=False):
        parted += [block] if len(parts) == 1 else [Block("p", (part,)) for part in parts]
    return (*parted, *found[HEAD_BLOCKS:])


def _starts(found: tuple[Block, ...]) -> list[int]:
    """Where each block begins in the text of all of them, joined by newlines."""
    starts, at = [], 0
    for block in found:
        starts.append(at)
        at += len(block.text) + 1
    return starts


def _is_byline(block: Block, organization: str, *, first: bool) -> bool:
    """Whether a block names the authors; capitals below the headline may, those further down head a part."""
    people = byline(block.text, organization=organization)
    if block.kind == "h2":
        return first and any(" " in person.name and not person.name.startswith("THE ") for person in people)
    return block.kind == "p" and bool(people)


def _is_caption(text: str) -> bool:
    """Whether a line above the byline is a picture's description that leaked: a few words in small letters.

    A line that begins like a sentence or a headline may be a deck, and stays.
    """
    return (
        text[:1].islower()
        and len(text) <= 70
        and len(text.split()) <= 8
        and not text.endswith(SENTENCE_END)
        and not _POSTED.search(text)
        and dateline(text) is None
    )


def _houses(found: list[Block], organization: str) -> frozenset[str]:
    """The names of whoever publishes the article: the source's, its dateline's and byline's, and a running head."""
    often = Counter(block.text for block in found)
    names = [organization, *(line for line, count in often.items() if count >= _RUNNING and len(line) <= _LINE)]
    for block in found[:HEAD_BLOCKS]:
        place = dateline(block.text)
        names += [place.agency] if place else []
        names += [person.organization for person in byline(block.text, organization=organization)]
    return frozenset(filter(None, map(house, names)))


def _is_top(found: list[Block], *, certain: bool) -> bool:
    """Whether the headline, or the text, begins with the first block; if it is not `certain` that it is not above."""
    if certain and not headline(found[0].text)[1]:
        return True
    return len(found) > 1 and can_be_headline(found[0]) and (certain or heads_all(found))


def _without_leading_subhead(left: tuple[Block, ...]) -> tuple[Block, ...]:
    """What stands first can be no subhead: there was nothing above it."""
    if left and left[0].kind == "h2":
        return (replace(left[0], kind="p"), *left[1:])
    return left


def repeats(line: str, title: str) -> bool:
    """Whether a line says nothing but the headline, whatever its punctuation and case.

    The headline may go on with a few words more (a site's name); a line that says more than it is no repeat.
    """
    line, title = squeeze(line).casefold(), squeeze(title).casefold()
    first, known = _WORDS.search(line), _WORDS.findall(title)
    if first is None or known[:1] != [first[0]]:
        return False  # as most lines
    said = _WORDS.findall(line)
    if known[: len(said)] != said:
        return False
    return len(known) == len(said) or (len(said) >= 4 and len(known) - len(said) <= 4)
