"""The families of boilerplate: rules that are data (`rules/*.toml`), and the small engine that applies them.

A rule describes a whole block, never a part of one. It can ask for concepts of the lexicon (`starts`: at the opening
of a clause, `has`: all of them, `any`: one of them, `only`: nothing else, `without`: none of them), for a pattern over
the folded text (`pattern`), and for some `words` or `signs` of which that needs one, for a length in words (`min`,
`max`), for a share of linked characters (`linked`), for what the links are for (`links`), for a share of words
(`dense`) and of sentences (`whole`) that speak of boilerplate, and for a place: `any`, `near`, `edge` (head or tail),
`head` or `tail`. Where somebody else is quoted, only a rule with `speech` matches; a
call to share or give bids no other thing than the article or the house. A `row` rule counts only beside
other boilerplate; a `section` rule describes a heading that takes the list below it along, and a `label` is one that
says nothing without such a list; a `pitch` is a title that takes the one paragraph below it along. A `sure` rule needs
no second opinion of the scorer, a `sure` rule for rows none where three stand on end. Each rule carries sentences that
it must catch (`drop`), unless it looks at links, which sentences don't have, and many carry some that no rule may
(`keep`).
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from itertools import groupby
from typing import Any, NamedTuple

from syndicate.strip.wording import Wording
from syndicate.strip.words import fold

_FLAGS = re.DOTALL | re.VERBOSE
_LONG, _SHORT, _THIN = 25, 14, 0.03
_SOME = 0.3  # share of linked characters
_MOST_SIGNS = 400  # characters that are no letters or digits: patterns try each of a long row of them
_LATEST = 14  # words: a call that opens later is a sentence at the end of something else
_CALLING = frozenset({"share", "donate"})
_SIZES = (6, 12, 26, 45)  # words: rules without a concept are asked in groups by the length they allow


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
    words: frozenset[str] = frozenset()
    signs: frozenset[str] = frozenset()
    pattern: re.Pattern[str] | None = None
    min: int = 1
    max: int = 60
    section: bool = False
    label: bool = False
    pitch: bool = False
    row: bool = False
    linked: float = 0.0
    links: frozenset[str] = frozenset()
    order: int = 0
    drop: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()

    def matches(self, reading: Wording) -> bool:
        """Whether the rule describes the whole text; the place is the caller's matter."""
        if not self.min <= reading.size <= self.max or reading.linked < self.linked:
            return False
        if self.links and not (reading.kinds and reading.kinds <= self.links):
            return False
        concepts = reading.concepts
        return (
            (not self.has or all(name in concepts for name in self.has))
            and self.without.isdisjoint(concepts)
            and (not self.any or not self.any.isdisjoint(concepts))
            and (not self.words or not self.words.isdisjoint(reading.words))
            and (not self.starts or self._starts(reading))
            and (not (self.starts or self.has) or self._is_all_of(reading))
            and (not self.only or reading.covers(self.only))
            and (self.pattern is None or self.pattern.fullmatch(reading.folded) is not None)
        )

    def _is_all_of(self, reading: Wording) -> bool:
        """Whether what the rule looks for fills the text, and nobody else is heard in it."""
        if not self.speech and (reading.speech or "said" in reading.concepts):
            return False
        return reading.size <= 12 or (reading.density >= self.dense and reading.coverage >= self.whole)

    def _starts(self, reading: Wording) -> bool:
        mentioned = set().union(*(reading.concepts.get(name, ()) for name in self.starts))
        openings = [at for at in reading.openings if at <= _LATEST]
        called = any(not mentioned.isdisjoint(range(at, at + self.lead + 1)) for at in openings)
        return called and not (self.family in _CALLING and reading.asks_for_another(self.starts))


def parse_rule(table: Mapping[str, Any], family: str = "") -> Rule:
    """Make a rule of a TOML table; raises TypeError for a key that rules don't have, re.error for a bad pattern."""
    fields: dict[str, Any] = {"family": family, **table}
    for key in _SETS & fields.keys():
        fields[key] = frozenset(fields[key])
    for key in _ROWS & fields.keys():
        fields[key] = tuple(fields[key])
    if "pattern" in fields:
        fields["pattern"] = re.compile(_bare(fields["pattern"]), _FLAGS)
    return Rule(**fields)


def _bare(pattern: str) -> str:
    """Fold the letters of a pattern that are not ASCII, as the texts are that it will meet; its groups hold nothing.

    Nobody asks what stood in them, and without that a third of the time is saved: an alternative that begins with
    another letter is passed over.
    """
    folded = "".join(fold(sign) if sign.isalpha() and not sign.isascii() else sign for sign in pattern)
    return _GROUP.sub(lambda found: "(?:" if found[0] == "(" else found[0], folded)


_GROUP = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\#[^\n]*|\((?!\?)", re.DOTALL)


_ROWS = frozenset({"has", "drop", "keep"})
_SETS = frozenset({"starts", "any", "only", "without", "words", "signs", "links"})


@cache
def rules() -> tuple[Rule, ...]:
    """Return the rules that come with the package, in the order of their files."""
    found: list[Rule] = []
    folder = files(__package__).joinpath("rules")
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".toml"):
            table = tomllib.loads(file.read_text("utf-8"))
            found += [parse_rule(rule, table["family"]) for rule in table["rule"]]
    return tuple(replace(rule, order=at) for at, rule in enumerate(found))


class _Index(NamedTuple):
    """The rules by what they can't do without, so that few of them have to be asked.

    `by_concept` holds those that need a concept, under each that will do, `by_word` and `by_sign` of the others those
    that need a word or a sign; of the rest, `linking` those that ask what links are for, and `worded` those that have
    nothing but a pattern: in groups, each with the most words that any of its rules allows, and with all their patterns
    in one.
    """

    by_concept: Mapping[str, tuple[Rule, ...]]
    by_word: Mapping[str, tuple[Rule, ...]]
    by_sign: Mapping[str, tuple[Rule, ...]]
    linking: tuple[Rule, ...]
    worded: tuple[tuple[int, tuple[Rule, ...], re.Pattern[str]], ...]


@cache
def _index() -> _Index:
    by_concept: dict[str, list[Rule]] = {}
    by_word: dict[str, list[Rule]] = {}
    by_sign: dict[str, list[Rule]] = {}
    free = []
    for rule in rules():
        needed = rule.has[:1] or rule.starts or rule.any or rule.only
        for concept in needed:
            by_concept.setdefault(concept, []).append(rule)
        for word in rule.words if not needed else ():
            by_word.setdefault(word, []).append(rule)
        for sign in rule.signs if not needed and not rule.words else ():
            by_sign.setdefault(sign, []).append(rule)
        if not (needed or rule.words or rule.signs):
            free.append(rule)
    worded = sorted((rule for rule in free if rule.pattern and not rule.links), key=lambda rule: rule.max)
    groups = [tuple(group) for _, group in groupby(worded, key=lambda rule: sum(rule.max > size for size in _SIZES))]
    return _Index(
        {concept: tuple(group) for concept, group in by_concept.items()},
        {word: tuple(group) for word, group in by_word.items()},
        {sign: tuple(group) for sign, group in by_sign.items()},
        tuple(rule for rule in free if rule.links),
        tuple((group[-1].max, group, re.compile(_all_of(group), _FLAGS)) for group in groups),
    )


def _all_of(group: Sequence[Rule]) -> str:
    return "|".join(f"(?:{rule.pattern.pattern}\n)" for rule in group if rule.pattern)


def matching(reading: Wording) -> tuple[Rule, ...]:
    """Return every rule that describes the text."""
    size, index = reading.size, _index()
    thin = reading.density < _THIN if size > _LONG else size > _SHORT and not reading.cues
    candidates: set[Rule] = set()
    if not thin or reading.linked >= _SOME:  # else it hardly touches any concept: most paragraphs are spared the rules
        by_concept = index.by_concept
        candidates = {rule for concept in reading.concepts for rule in by_concept.get(concept, ()) if size <= rule.max}
    for word in index.by_word.keys() & reading.words:
        candidates.update(index.by_word[word])
    for sign in index.by_sign.keys() & set(reading.folded):
        candidates.update(index.by_sign[sign])
    if reading.links:
        candidates.update(index.linking)
    signs = len(reading.folded) - sum(map(len, reading.words))
    spelled = signs <= _MOST_SIGNS or 2 * signs <= len(reading.folded)
    for most, group, wording in index.worded if spelled else ():
        if size <= most and wording.fullmatch(reading.folded):
            candidates.update(group)
    return tuple(sorted((rule for rule in candidates if rule.matches(reading)), key=lambda rule: rule.order))
