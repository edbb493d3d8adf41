"""The head of a plain-text article: headline, leaked caption and byline move to where they belong."""

import re
from dataclasses import dataclass, replace

from syndicate.model import Cut, Dateline, Person
from syndicate.normalize.byline import byline, with_role
from syndicate.normalize.datelines import dateline
from syndicate.normalize.kept import Kept, nothing
from syndicate.normalize.shape import Block, is_capitals
from syndicate.text import shorten, squeeze

_SENTENCE_END = (".", "!", "?", "…", ":", ";", "”", '"')
_SKIP_LINK = re.compile(r"(?:skip|jump) to (?:main |the )?(?:content|navigation|article)", re.IGNORECASE)
_POSTED = re.compile(r"\b(?:posted|published|updated|by|on|\d{4})\b", re.IGNORECASE)
_WORDS = re.compile(r"\w+")
_ABBREVIATION = re.compile(r"\b(?:[A-Z]|Jr|Sr|St|Inc|Corp|Co|Ltd|etc|vs|No)\.$")
# What a press release calls itself above its headline; the stripper's rule for such lines knows the same names.
RELEASE_NAMES = (
    "pressemitteilung", "presseinformation", "presseaussendung", "medienmitteilung", "persbericht", "pressmeddelande",
    "pressemelding", "pressemeddelelse", "lehdistötiedote", "nota de prensa", "comunicado de prensa",
    "comunicado de imprensa", "communiqué de presse", "comunicato stampa", "comunicat de presă", "informacja prasowa",
    "tisková zpráva", "sajtóközlemény", "basın bülteni", "siaran pers", "пресс-релиз", "прессрелиз", "прес-реліз",
    "пресреліз", "新闻稿", "新聞稿", "보도자료", "プレスリリース", "بيان صحفي",
)  # fmt: skip
_RELEASE = re.compile(
    r"\W*(?:for (?:immediate|press) release(?:\W+.{0,30}\d.{0,10})?|(?:news|press|media) (?:release|statement)"
    r"|(?:strictly |under )?embargo(?:ed)?(?: (?:until|till|for|to)\b|:).*"
    r"|not for (?:release|publication) (?:before|until)\b.*|sperrfrist\b.*"
    rf"|{'|'.join(RELEASE_NAMES)}"
    r"|(?:(?:press|media|presse) ?)?(?:contact|kontakt)\s*:.*)\W*",
    re.IGNORECASE,
)
HEAD_BLOCKS = 6
HEADLINES = 3  # blocks at the top that may repeat the headline


@dataclass(frozen=True, slots=True)
class Head:
    """What the first blocks said; `body` are the blocks that stay, `cuts` those that moved into a field."""

    title: str
    body: tuple[Block, ...]
    caption: str = ""
    authors: tuple[Person, ...] = ()
    dateline: Dateline | None = None
    cuts: tuple[Cut, ...] = ()


def read_head(
    found: tuple[Block, ...], title: str, organization: str = "", *, headed: bool = True, kept: Kept = nothing
) -> Head:
    """Take headline, caption and byline off the top of an article.

    `title` is the headline when it is already known; otherwise the first line is it, if the text is `headed`, as
    files are and the short notes in feeds are not. The dateline is read but stays in the text, and so does what is
    `kept`: a byline still names the authors, a line that is text is no caption.
    """
    top = _Top(found, title, kept)
    title = top.take_headline(headed=headed)
    caption, authors = top.take_byline(organization)
    place = next((line for block in top.unkept()[:3] if (line := dateline(block.text))), None)
    left = _without_leading_subhead(tuple(block for _, block in top.body))
    return Head(title, left, caption, authors, place, tuple(top.cuts))


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

    def unkept(self) -> list[Block]:
        """Return the blocks that nobody asked to keep."""
        return [block for position, block in self.body if position not in self._back]

    def take_headline(self, *, headed: bool) -> str:
        """Take off what repeats the headline, and the first line if it is the headline; return that."""
        body = self.body
        top = 0
        skips = body and _SKIP_LINK.fullmatch(body[0][1].text)
        if skips and not self._take(0, "nav", "a link that skips to the content"):
            top = 1
        known = bool(self._title)
        if not known and headed and len(body) > top + 1:
            first = range(top, min(top + HEAD_BLOCKS, len(body) - 1))
            at = next((at for at in first if not _RELEASE.fullmatch(body[at][1].text)), top)
            self._title, known = _headline(body[at][1].text)
            if known:
                self._place, headline = body.pop(at)
                self._above = len(headline.text) + 1
        for index in range(top + HEADLINES - 1, top - 1, -1) if known else ():
            if index < len(body) and len(body) > top + 1 and repeats(body[index][1].text, self._title):
                self._take(index, "headline", "repeats the headline")
        return self._title

    def take_byline(self, organization: str) -> tuple[str, tuple[Person, ...]]:
        """Take off the byline, its people's role below and a caption above it; return caption and people."""
        body = self.body
        at = next((i for i, (_, block) in enumerate(body[:4]) if _is_byline(block, organization, first=not i)), -1)
        if at < 0:
            return "", ()
        authors = byline(body[at][1].text, organization=organization)
        above = body[at - 1][1].text if at > 0 and body[at - 1][0] > self._place else ""
        if self._take(at, "byline", "names the authors at the top of the article") and at + 1 < len(body):
            described = with_role(authors, body[at][1].text, organization=organization)
            if described and self._take(at, "byline", "says what the authors named above it are"):
                authors = described
        if _is_caption(above) and self._take(at - 1, "caption", "a picture's caption between headline and byline"):
            return above, authors
        return "", authors

    def _take(self, index: int, family: str, reason: str) -> bool:
        position, block = self.body[index]
        if self._kept(block.text, self._title):
            self._back.add(position)
            return False
        start = self._starts[position] - (self._above if position > self._place else 0)
        self.cuts.append(Cut(block.text, family, reason, start=start, end=start + len(block.text)))
        del self.body[index]
        return True


def _starts(found: tuple[Block, ...]) -> list[int]:
    """Where each block begins in the text of all of them, joined by newlines."""
    starts, at = [], 0
    for block in found:
        starts.append(at)
        at += len(block.text) + 1
    return starts


def _headline(text: str) -> tuple[str, bool]:
    """A headline out of the first block, and whether the block is nothing but that: headlines are no sentences."""
    is_sentence = text.endswith((".", "…")) and not _ABBREVIATION.search(text)
    if len(text) <= 200 and not is_sentence and dateline(text) is None:
        return text, True
    first = re.split(r"(?<=[.!?…])\s", text, maxsplit=1)[0]
    return shorten(first, 110), False


def _is_byline(block: Block, organization: str, *, first: bool) -> bool:
    """Whether a block names the authors; capitals below the headline may, those further down head a part."""
    people = byline(block.text, organization=organization)
    if block.kind == "h2":
        return first and any(" " in person.name and not person.name.startswith("THE ") for person in people)
    return block.kind == "p" and bool(people)


def _is_caption(text: str) -> bool:
    """Whether a line above the byline is a picture's description rather than a deck: a few words, no sentence."""
    return (
        0 < len(text) <= 70
        and len(text.split()) <= 8
        and not text.endswith(_SENTENCE_END)
        and not is_capitals(text)
        and not _POSTED.search(text)
        and dateline(text) is None
    )


def _without_leading_subhead(left: tuple[Block, ...]) -> tuple[Block, ...]:
    """What stands first can be no subhead: there was nothing above it."""
    if left and left[0].kind == "h2":
        return (replace(left[0], kind="p"), *left[1:])
    return left


def repeats(line: str, title: str) -> bool:
    """Whether a line says nothing but the headline, whatever its punctuation and case.

    The headline may go on with a few words more (a site's name); a line that says more than it is no repeat.
    """
    said, known = (_WORDS.findall(squeeze(text).casefold()) for text in (line, title))
    if not said or known[: len(said)] != said:
        return False
    return len(known) == len(said) or (len(said) >= 4 and len(known) - len(said) <= 4)
