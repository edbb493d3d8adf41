"""The families of boilerplate: rules that are data (`rules/*.toml`), and the small engine that applies them.

A rule describes a whole block, never a part of one. It can ask for concepts of the lexicon (`starts`, `has`, `any`,
`only`, `without`), for a pattern over the folded text (`pattern`), for a length in words (`min`, `max`), for a share
of linked characters (`linked`) and for a place: `any`, `edge` (head or tail), `head` or `tail`. Each rule carries
sentences that it must catch (`drop`) and sentences that it must not (`keep`); the tests run them all.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

from syndicate.strip.words import Mention, fold, lexicon, words


@dataclass(frozen=True, slots=True)
class Slots:
    """What is known of an article and its source, folded: names that boilerplate repeats."""

    site: frozenset[str] = frozenset()
    host: str = ""
    title: str = ""
    author: frozenset[str] = frozenset()


class Reading:
    """A text as the rules see it: its words and the concepts in it."""

    def __init__(self, text: str, *, linked: float = 0.0, slots: Slots = Slots()) -> None:
        self.text = text
        self.linked = linked
        self.slots = slots

    @cached_property
    def folded(self) -> str:
        """The text without case and accents."""
        return fold(self.text)

    @cached_property
    def words(self) -> list[str]:
        """Its folded words."""
        return words(self.text)

    @cached_property
    def mentions(self) -> list[Mention]:
        """Every mention of a concept."""
        return lexicon().mentions(self.words)

    @cached_property
    def concepts(self) -> Mapping[str, int]:
        """Each concept mentioned, with the word at which it is first mentioned."""
        found: dict[str, int] = {}
        for mention in self.mentions:
            found.setdefault(mention.concept, mention.start)
        return found

    def covered(self, concepts: frozenset[str]) -> int:
        """How many words belong to a mention of one of the concepts; numbers count as belonging."""
        inside = [word.isdigit() or word in self.slots.site for word in self.words]
        for mention in self.mentions:
            if mention.concept in concepts:
                inside[mention.start : mention.end] = [True] * (mention.end - mention.start)
        return sum(inside)


@dataclass(frozen=True, slots=True)
class Rule:
    """One way in which publishers write one family of boilerplate."""

    name: str
    family: str
    place: str = "any"
    starts: frozenset[str] = frozenset()
    lead: int = 0
    has: tuple[str, ...] = ()
    any: frozenset[str] = frozenset()
    only: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()
    pattern: re.Pattern[str] | None = None
    min: int = 1
    max: int = 60
    linked: float = 0.0
    drop: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()

    def matches(self, reading: Reading) -> bool:
        """Whether the rule describes the whole text; the place is the caller's matter."""
        if not self.min <= len(reading.words) <= self.max or reading.linked < self.linked:
            return False
        found = reading.concepts
        if self.starts and not any(found.get(name, 1000) <= self.lead for name in self.starts):
            return False
        if not all(name in found for name in self.has) or not self.without.isdisjoint(found):
            return False
        if self.any and self.any.isdisjoint(found):
            return False
        if self.only and reading.covered(self.only) < len(reading.words):
            return False
        return self.pattern is None or self.pattern.fullmatch(reading.folded) is not None


def parse_rule(table: Mapping[str, Any], family: str) -> Rule:
    """Make a rule of a TOML table; raises TypeError for a key that rules don't have, re.error for a bad pattern."""
    fields = {key: frozenset(value) if key in _SETS else value for key, value in table.items()}
    for key in ("has", "drop", "keep"):
        fields[key] = tuple(fields.get(key, ()))
    if "pattern" in fields:
        fields["pattern"] = re.compile(fields["pattern"], re.DOTALL | re.VERBOSE)
    return Rule(family=family, **fields)


_SETS = frozenset({"starts", "any", "only", "without"})


@cache
def rules() -> tuple[Rule, ...]:
    """Return the rules that come with the package, in the order of their files."""
    found: list[Rule] = []
    folder = files(__package__).joinpath("rules")
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".toml"):
            table = tomllib.loads(file.read_text("utf-8"))
            found.extend(parse_rule(rule, table["family"]) for rule in table["rule"])
    return tuple(found)


def matching(reading: Reading) -> tuple[Rule, ...]:
    """Return every rule that describes the text."""
    return tuple(rule for rule in rules() if rule.matches(reading))
