"""A small forest of decision trees: the second reading of an article, when the first has judged every block.

A tree asks a few questions ("does anything below sound like the article?") and ends in a number; the sum of all trees
is the log odds of being boilerplate (gradient boosting: Friedman, 2001). `tools/train_strip.py` grows it of labelled
articles; `forest.json` can be read: a node is `[name, most, value, left, right]`, left for what is at most `most`, and
`value` is what the tree would say if it asked no further.
"""

import json
import math
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from heapq import nlargest
from importlib.resources import files
from itertools import accumulate, chain
from operator import and_, getitem
from typing import Any

from syndicate.strip.surroundings import NAMES, View

# A node: the number of its question in a view, the limit, its value, and what follows at most and above; or a value.
Node = tuple[int, float, float, Any, Any] | float

_Step = tuple[int, float]  # what a question asked for, and how much nearer to boilerplate its answer led

_LEAVES = 8  # a tree has a byte, and a leaf has a bit of it
_LOWEST = bytes((byte & -byte).bit_length() - 1 if byte else 0 for byte in range(256))


class _Exits:
    """All trees walked at once (QuickScorer: Lucchese et al., SIGIR 2015).

    Leaves are numbered from left to right. What a view holds above a question's limit shuts the leaves on the left of
    that question; the first leaf of each tree that is still open is the one that a walk down the tree would end in. So
    for each number of a view, one look tells which leaves of all the trees it shuts.
    """

    def __init__(self, trees: Sequence[Node]) -> None:
        self._trees = trees
        self._all = (1 << 8 * len(trees)) - 1
        self._leaves: list[tuple[float, ...]] = []
        asked: dict[int, list[tuple[float, int]]] = {}
        for number, tree in enumerate(trees):
            leaves: list[float] = []
            for at, most, shut in _questions(tree, leaves):
                asked.setdefault(at, []).append((most, self._all ^ shut << 8 * number))
            if len(leaves) > _LEAVES:
                raise ValueError(f"tree {number} of the forest has {len(leaves)} leaves; {_LEAVES} is the most")
            self._leaves.append(_together(leaves))
        self._asked: list[tuple[int, tuple[float, ...], list[int]]] = []
        for at, questions in asked.items():
            questions.sort()
            open_ = accumulate((left for _, left in questions), and_, initial=self._all)
            self._asked.append((at, _together(most for most, _ in questions), list(open_)))

    def odds(self, view: View) -> float:
        """Return the sum of what the trees end in."""
        return sum(map(getitem, self._leaves, self._ends(view)), 0.0)

    def _ends(self, view: View) -> bytes:
        """Return the leaf of each tree that a view leads to."""
        open_ = self._all
        for at, limits, left in self._asked:
            if above := bisect_left(limits, view[at]):  # else it shuts none
                open_ &= left[above]
        return open_.to_bytes(len(self._leaves), "little").translate(_LOWEST)

    def steps(self, view: View) -> Iterator[_Step]:
        """Give what each question on the way to those leaves told."""
        return chain.from_iterable(map(getitem, self._ways, self._ends(view)))

    @cached_property
    def _ways(self) -> list[list[tuple[_Step, ...]]]:
        return [list(_ways(tree)) for tree in self._trees]


def _together(numbers: Iterable[float]) -> tuple[float, ...]:
    """Return the same numbers, made anew: then they stand side by side in memory, and one look brings several."""
    return tuple(array("d", numbers))


def _questions(node: Node, leaves: list[float]) -> Iterator[tuple[int, float, int]]:
    """Give each question of a tree: what it asks for, its limit, the bits of the leaves on its left; add its leaves."""
    if isinstance(node, float):
        leaves.append(node)
        return
    at, most, _, left, right = node
    first = len(leaves)
    yield from _questions(left, leaves)
    yield at, most, (1 << len(leaves)) - (1 << first)
    yield from _questions(right, leaves)


def _ways(node: Node, steps: tuple[_Step, ...] = ()) -> Iterator[tuple[_Step, ...]]:
    """Give the way to each leaf of a tree, from left to right."""
    if isinstance(node, float):
        yield steps
        return
    at, _, value, *branches = node
    for branch in branches:
        told = (branch if isinstance(branch, float) else branch[2]) - value
        yield from _ways(branch, (*steps, (at, told)))


@dataclass(frozen=True, slots=True)
class Forest:
    """Trees, and the chances (0 to 1) from which a block is cut, and below which a cut is taken back."""

    trees: Sequence[Node]
    cut: float
    restore: float
    _exits: _Exits = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Sort the questions; raises ValueError for a tree that has too many leaves."""
        object.__setattr__(self, "_exits", _Exits(self.trees))

    def chance(self, view: View) -> float:
        """Return how likely it is (0 to 1) that a block seen so is boilerplate."""
        return 1 / (1 + math.exp(-max(min(self.odds(view), 30.0), -30.0)))

    def odds(self, view: View) -> float:
        """Return the same as log odds: the sum of the leaves that the view leads to."""
        return self._exits.odds(view)

    def reasons(self, view: View, most: int = 4) -> str:
        """Return the questions whose answers spoke loudest for a cut, for the record (Saabas, 2014)."""
        spoken = [0.0] * len(NAMES)
        for at, weight in self._exits.steps(view):
            spoken[at] += weight
        loudest = nlargest(most, zip(spoken, NAMES, strict=True))
        return ", ".join(f"{name} +{weight:.1f}" for weight, name in loudest if weight > 0.05)


def parse_forest(table: dict[str, Any]) -> Forest:
    """Make a forest of what `forest.json` holds; raises ValueError for a question that no view answers."""
    return Forest(tuple(map(_node, table["trees"])), table["cut"], table["restore"])


def _node(written: Any) -> Node:
    if not isinstance(written, list):
        return float(written)
    name, most, value, left, right = written
    if name not in NAMES:
        raise ValueError(f"the forest asks for {name!r}, which no view tells; it was grown for another version")
    return NAMES.index(name), most, value, _node(left), _node(right)


@cache
def shipped_forest() -> Forest:
    """Return the forest that comes with the package."""
    return parse_forest(json.loads(files(__package__).joinpath("forest.json").read_text("utf-8")))
