"""The families of boilerplate: rules that are data (`rules/*.toml`), and the small engine that applies them.

A rule describes a whole block, never a part of one. It can ask for concepts of the lexicon (`starts`: at the opening of
a clause, `has`: all of them, `any`: one of them, `only`: nothing else, `without`: none of them), for a pattern over the
folded text (`pattern`), for a length in words (`min`, `max`), for a share of linked characters (`linked`), for what the
links are for (`links`), for a share of words (`dense`) and of sentences (`whole`) that speak of boilerplate, and for a
place: `any`, `near`, `edge` (head or tail), `head` or `tail`. Where somebody else is quoted, only a rule with `speech`
matches. A `row` rule counts only beside other boilerplate; a `section` rule describes a heading that takes the list
below it along, and a `label` is one that says nothing without such a list. A `sure` rule needs no second opinion of
the scorer. Each rule carries sentences that it must catch (`drop`) and sentences that no rule may (`keep`).
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

from lxml.html import HtmlElement

from syndicate.strip.links import kinds
from syndicate.strip.words import Mention, fold, lexicons, split

_CLAUSE = re.compile(r"[.!?:;|,…。！？：，、؟،]+")
_STOP = re.compile(r"[.!?…。！？؟।]+(?=\s|$)|(?<=[。！？])")
_LONG, _SHORT, _THIN = 25, 14, 0.04
_LATEST = 14  # words: a call that opens later is a sentence at the end of something else
_COUNTRY = re.compile(r"\bU\.?S\b\.?")
_SPEECH = re.compile(r"""[“„«「『‹‘][^”»」』›’“„«]{25,}|(?:^|[\s(])"[^"]{25,}""")
_QUOTED_NAME = re.compile(r"""[„“«「『‹"][^„“”«»「」『』‹›"]{0,24}[“”»」』›"]""")


@dataclass(frozen=True, slots=True)
class Slots:
    """What is known of an article and its source, folded: names that boilerplate repeats."""

    site: frozenset[str] = frozenset()
    page: str = ""
    title: str = ""
    author: frozenset[str] = frozenset()


_NO_SLOTS = Slots()


class Reading:
    """A text as the rules see it: its words and the concepts in it."""

    def __init__(
        self, text: str, *, linked: float = 0.0, links: Sequence[HtmlElement] = (), slots: Slots = _NO_SLOTS
    ) -> None:
        self.text = _COUNTRY.sub("USA", text) if "U" in text and not text.isupper() else text
        self.linked = linked
        self.links = links
        self.slots = slots

    @cached_property
    def kinds(self) -> frozenset[str]:
        """What its links are for."""
        return kinds(self.links, self.slots.page)

    @cached_property
    def folded(self) -> str:
        """The text without case and accents."""
        return fold(self.text)

    @cached_property
    def words(self) -> list[str]:
        """Its folded words."""
        return split(self.folded)

    @cached_property
    def size(self) -> int:
        """How many words it has; two signs of a script without spaces count as one."""
        if self.folded.isascii():
            return len(self.words)
        return len(self.words) - sum(len(word) == 1 and word > "\u0e00" for word in self.words) // 2

    @cached_property
    def cues(self) -> list[Mention]:
        """Every mention of a concept that belongs to boilerplate."""
        return lexicons().cues.mentions(self.words)

    @cached_property
    def mentions(self) -> list[Mention]:
        """Every mention of a concept, those of plain language too."""
        return self.cues + lexicons().plain.mentions(self.words)

    @cached_property
    def titled(self) -> bool:
        """Whether it names the article's title."""
        return len(self.slots.title) > 12 and self.slots.title in self.folded

    @cached_property
    def speech(self) -> bool:
        """Whether somebody is quoted in it at some length."""
        text = self.folded.replace(self.slots.title, "") if self.titled else self.text
        return _SPEECH.search(_QUOTED_NAME.sub("", text)) is not None

    @cached_property
    def coverage(self) -> float:
        """The share of its words that stand in sentences with a concept of boilerplate."""
        cues = {mention.start for mention in self.cues}
        at = covered = 0
        for sentence in _STOP.split(self.folded):
            length = len(split(sentence))
            covered += length if any(at <= cue < at + length for cue in cues) else 0
            at += length
        return covered / at if at else 0.0

    @cached_property
    def density(self) -> float:
        """The share of its words that belong to boilerplate's concepts, those of plain language left aside."""
        inside = {place for mention in self.cues for place in range(mention.start, mention.end)}
        return len(inside) / len(self.words) if self.words else 0.0

    @cached_property
    def concepts(self) -> Mapping[str, set[int]]:
        """Each concept mentioned, with the words at which it is mentioned."""
        found: dict[str, set[int]] = {}
        for mention in self.mentions:
            found.setdefault(mention.concept, set()).add(mention.start)
        if self.named:
            found["site"] = self.named
        if self.titled:
            found["title"] = {0}
        return found

    @cached_property
    def named(self) -> set[int]:
        """The words that are the source's name, or parts of its host's name written apart."""
        found = {place for place, word in enumerate(self.words) if word in self.slots.site}
        for label in self.slots.site if len(self.words) <= 60 else ():
            for start, word in enumerate(self.words):
                joined, end = word, start + 1
                while len(joined) < len(label) and label.startswith(joined) and end < len(self.words):
                    joined, end = joined + self.words[end], end + 1
                if joined == label:
                    found.update(range(start, end))
        return found

    @cached_property
    def protected(self) -> bool:
        """Whether it is a correction, a note or a reporter's credit, by its opening or by a phrase."""
        kept = lexicons().notes.mentions(self.words)
        return any(mention.start == 0 or mention.end - mention.start > 1 for mention in kept)

    @cached_property
    def openings(self) -> frozenset[int]:
        """The words at which a sentence or clause opens, fillers left aside."""
        fillers: dict[int, int] = {}
        for mention in self.mentions:
            if mention.concept == "filler":
                fillers[mention.start] = max(mention.end, fillers.get(mention.start, 0))
        found, at = set(), 0
        for clause in _CLAUSE.split(self.folded):
            opening = at
            found.add(opening)
            while opening in fillers:
                opening = fillers[opening]
                found.add(opening)
            at += len(split(clause))
        return frozenset(found)

    def covers(self, concepts: frozenset[str]) -> bool:
        """Whether every word belongs to a mention of one of the concepts, or is a number or the site's name."""
        inside = [word.isdigit() or place in self.named for place, word in enumerate(self.words)]
        for mention in self.mentions:
            if mention.concept in concepts:
                inside[mention.start : mention.end] = [True] * (mention.end - mention.start)
        return all(inside)


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One way in which publishers write one family of boilerplate."""

    name: str
    family: str
    place: str = "any"
    dense: float = 0.12
    whole: float = 0.6
    speech: bool = False
    sure: bool = False
    starts: frozenset[str] = frozenset()
    lead: int = 0
    has: tuple[str, ...] = ()
    any: frozenset[str] = frozenset()
    only: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()
    pattern: re.Pattern[str] | None = None
    min: int = 1
    max: int = 60
    section: bool = False
    label: bool = False
    row: bool = False
    linked: float = 0.0
    links: frozenset[str] = frozenset()
    order: int = 0
    drop: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()

    def matches(self, reading: Reading) -> bool:
        """Whether the rule describes the whole text; the place is the caller's matter."""
        return (
            self.min <= reading.size <= self.max
            and reading.linked >= self.linked
            and (not self.links or (bool(reading.kinds) and reading.kinds <= self.links))
            and (not self.has or all(name in reading.concepts for name in self.has))
            and self.without.isdisjoint(reading.concepts)
            and (not self.any or not self.any.isdisjoint(reading.concepts))
            and (not self.starts or self._starts(reading))
            and (not (self.starts or self.has) or self._is_all_of(reading))
            and (not self.only or reading.covers(self.only))
            and (self.pattern is None or self.pattern.fullmatch(reading.folded) is not None)
        )

    def _is_all_of(self, reading: Reading) -> bool:
        """Whether what the rule looks for fills the text, and nobody else is heard in it."""
        if not self.speech and (reading.speech or "said" in reading.concepts):
            return False
        return reading.size <= 12 or (reading.density >= self.dense and reading.coverage >= self.whole)

    def _starts(self, reading: Reading) -> bool:
        mentioned = set().union(*(reading.concepts.get(name, ()) for name in self.starts))
        openings = [at for at in reading.openings if at <= _LATEST]
        return any(not mentioned.isdisjoint(range(at, at + self.lead + 1)) for at in openings)


def parse_rule(table: Mapping[str, Any], family: str = "") -> Rule:
    """Make a rule of a TOML table; raises TypeError for a key that rules don't have, re.error for a bad pattern."""
    fields: dict[str, Any] = {"family": family, **table}
    for key in _SETS & fields.keys():
        fields[key] = frozenset(fields[key])
    for key in _ROWS & fields.keys():
        fields[key] = tuple(fields[key])
    if "pattern" in fields:
        fields["pattern"] = re.compile(_bare(fields["pattern"]), re.DOTALL | re.VERBOSE)
    return Rule(**fields)


def _bare(pattern: str) -> str:
    """Fold the letters of a pattern that are not ASCII, as the texts are that it will meet."""
    return "".join(fold(sign) if sign.isalpha() and not sign.isascii() else sign for sign in pattern)


_ROWS = frozenset({"has", "drop", "keep"})
_SETS = frozenset({"starts", "any", "only", "without", "links"})


@cache
def rules() -> tuple[Rule, ...]:
    """Return the rules that come with the package, in the order of their files."""
    found: list[Rule] = []
    folder = files(__package__).joinpath("rules")
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".toml"):
            table = tomllib.loads(file.read_text("utf-8"))
            found.extend(
                parse_rule({**rule, "order": len(found) + at}, table["family"]) for at, rule in enumerate(table["rule"])
            )
    return tuple(found)


@cache
def _by_trigger() -> Mapping[str, tuple[Rule, ...]]:
    """The rules by a concept that each can't do without; "" for those that need none."""
    found: dict[str, list[Rule]] = {}
    for rule in rules():
        for trigger in rule.has[:1] or rule.starts or rule.any or rule.only or {""}:
            found.setdefault(trigger, []).append(rule)
    return {trigger: tuple(group) for trigger, group in found.items()}


def matching(reading: Reading) -> tuple[Rule, ...]:
    """Return every rule that describes the text."""
    thin = reading.density < _THIN if reading.size > _LONG else reading.size > _SHORT and not reading.cues
    if thin and reading.linked < 0.3 and reading.text[0] not in "#[{%/":
        return ()  # a paragraph that hardly touches any concept: most are spared the rules
    index, size = _by_trigger(), reading.size
    candidates = {rule for trigger in ("", *reading.concepts) for rule in index.get(trigger, ()) if size <= rule.max}
    return tuple(sorted((rule for rule in candidates if rule.matches(reading)), key=lambda rule: rule.order))
