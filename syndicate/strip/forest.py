"""A small forest of decision trees: the second reading of an article, when the first has judged every block.

A tree asks a few questions ("does anything below sound like the article?") and ends in a number; the sum of all trees
is the log odds of being boilerplate (gradient boosting: Friedman, 2001). `tools/train_strip.py` grows it of labelled
articles; `forest.json` can be read: a node is `[name, most, value, left, right]`, left for what is at most `most`, and
`value` is what the tree would say if it asked no further.
"""

import json
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from syndicate.strip.surroundings import NAMES, View

# A node: the number of its question in a view, the limit, its value, and what follows at most and above; or a value.
Node = tuple[int, float, float, Any, Any] | float


@dataclass(frozen=True, slots=True)
class Forest:
    """Trees, and the chances (0 to 1) from which a block is cut, and below which a cut is taken back."""

    trees: Sequence[Node]
    cut: float
    restore: float

    def chance(self, view: View) -> float:
        """Return how likely it is (0 to 1) that a block seen so is boilerplate."""
        return 1 / (1 + math.exp(-max(min(self.odds(view), 30.0), -30.0)))

    def odds(self, view: View) -> float:
        """Return the same as log odds."""
        total = 0.0
        for node in self.trees:
            while not isinstance(node, float):
                at, most, _, left, right = node
                node = left if view[at] <= most else right  # noqa: PLW2901 - walking down the tree
            total += node
        return total

    def reasons(self, view: View, most: int = 4) -> str:
        """Return the questions whose answers spoke loudest for a cut, for the record (Saabas, 2014)."""
        spoken: Counter[str] = Counter()
        for node in self.trees:
            while isinstance(node, tuple):
                following = node[3] if view[node[0]] <= node[1] else node[4]
                value = following[2] if isinstance(following, tuple) else following
                spoken[NAMES[node[0]]] += value - node[2]
                node = following  # noqa: PLW2901 - walking down the tree
        return ", ".join(f"{name} +{weight:.1f}" for name, weight in spoken.most_common(most) if weight > 0.05)


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
def forest() -> Forest:
    """Return the forest that comes with the package."""
    return parse_forest(json.loads(files(__package__).joinpath("forest.json").read_text("utf-8")))
