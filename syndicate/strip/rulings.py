"""An admin's words on blocks, which go before everything else."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, Protocol

from syndicate.model import HouseRule
from syndicate.strip.memory import fingerprint
from syndicate.strip.words import fold


class Verdict(Protocol):
    """What a stored ruling has to have: the block's fingerprint, its text, and whether to cut or to keep it."""

    @property
    def block(self) -> str:
        """The fingerprint of the block's text."""

    @property
    def text(self) -> str:
        """The block's text; several blocks that a page held in one box have a line each."""

    @property
    def verdict(self) -> Literal["cut", "keep"]:
        """What is to be done with it."""


@dataclass(frozen=True, slots=True)
class Rulings:
    """The fingerprints of blocks that an admin said to cut or to keep, and the rules of the house for other blocks.

    `boxes` are rows of fingerprints: blocks to be kept where they stand one after another, as in the box they were in.
    """

    cut: frozenset[str] = frozenset()
    keep: frozenset[str] = frozenset()
    boxes: tuple[tuple[str, ...], ...] = ()
    house: tuple[HouseRule, ...] = ()

    def __bool__(self) -> bool:
        """Whether anybody said anything."""
        return bool(self.cut or self.keep or self.house)

    @classmethod
    def of(cls, rulings: Iterable[Verdict], house: Iterable[HouseRule] = (), source: str = "") -> "Rulings":
        """Gather stored rulings, a later one on a block replacing an earlier, and the house's rules for a source."""
        latest = {ruling.block: ruling for ruling in rulings}
        kept = [ruling for ruling in latest.values() if ruling.verdict == "keep"]
        return cls(
            frozenset(block for block, ruling in latest.items() if ruling.verdict == "cut"),
            frozenset(ruling.block for ruling in kept),
            tuple(tuple(map(fingerprint, ruling.text.split("\n"))) for ruling in kept if "\n" in ruling.text),
            tuple(rule for rule in house if not rule.sources or source in rule.sources),
        )

    def keeps(self, text: str, title: str = "") -> bool:
        """Return whether an admin or, where none spoke, a rule of the house wants a text to stay in an article."""
        if not self:
            return False
        names = {fingerprint(text), fingerprint(text, title)}
        if names & self.keep or names & self.cut:
            return bool(names & self.keep)
        rule = self.house_rule(text)
        return rule is not None and rule.verdict == "keep"

    def house_rule(self, text: str) -> HouseRule | None:
        """Return the first rule of the house that describes a block's text."""
        folded = " ".join(fold(text).split()) if self.house else ""
        return next((rule for rule in self.house if _pattern(rule.text).fullmatch(folded)), None)


@lru_cache(maxsize=1_024)
def _pattern(text: str) -> re.Pattern[str]:
    """A rule's text as a pattern over folded text; the pieces between stars are taken as early as they stand."""
    first, *others = (re.escape(fold(piece)) for piece in " ".join(text.split()).split("*"))
    middle = "".join(f"(?>.*?{piece})" for piece in others[:-1])
    return re.compile(first + middle + "".join(f".*{piece}" for piece in others[-1:]), re.DOTALL)
