"""An admin's words on blocks, which go before everything else."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, Protocol


class Verdict(Protocol):
    """What a stored ruling has to have: the block's fingerprint and whether to cut or to keep it."""

    @property
    def block(self) -> str:
        """The fingerprint of the block's text."""

    @property
    def verdict(self) -> Literal["cut", "keep"]:
        """What is to be done with it."""


@dataclass(frozen=True, slots=True)
class Rulings:
    """The fingerprints of blocks that an admin said to cut or to keep."""

    cut: frozenset[str] = frozenset()
    keep: frozenset[str] = frozenset()

    @classmethod
    def of(cls, rulings: Iterable[Verdict]) -> "Rulings":
        """Gather stored rulings; a later one on the same block replaces an earlier one."""
        latest = {ruling.block: ruling.verdict for ruling in rulings}
        return cls(
            frozenset(block for block, verdict in latest.items() if verdict == "cut"),
            frozenset(block for block, verdict in latest.items() if verdict == "keep"),
        )
