"""Grows the forest of the stripper's second reading (`syndicate/strip/forest.json`) with LightGBM."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import lightgbm
import numpy

from syndicate.strip.forest import Forest
from syndicate.strip.surroundings import NAMES, View

TREES, MORE_TREES, LEAVES = 300, 120, 8
_GROWTH = {
    "objective": "binary",
    "num_leaves": LEAVES,
    "learning_rate": 0.08,
    "min_data_in_leaf": 30,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "feature_fraction": 0.4,
    "lambda_l2": 5.0,
    "seed": 1,
    "deterministic": True,
    "force_row_wise": True,
    "verbose": -1,
}
_DIGITS = 5


class Seen(NamedTuple):
    """A block as the second reading sees it, whether it is boilerplate, and how much it counts."""

    view: View
    boilerplate: bool
    weight: float


def grow(seen: Sequence[Seen], beside: Forest | None = None) -> list[Any]:
    """Return trees as `forest.json` holds them: a node is `[name, most, value, left, right]`, or a value.

    `beside` a forest grow a few that mend what it gets wrong; what it knows of examples not at hand any more stays.
    """
    data = lightgbm.Dataset(
        numpy.array([one.view for one in seen]),
        label=numpy.array([float(one.boilerplate) for one in seen]),
        weight=numpy.array([one.weight for one in seen]),
        init_score=numpy.array([beside.odds(one.view) for one in seen]) if beside else None,
        feature_name=[name.replace(" ", "_") for name in NAMES],
    )
    model = lightgbm.train(_GROWTH, data, MORE_TREES if beside else TREES).dump_model()
    return [_node(tree["tree_structure"]) for tree in model["tree_info"]]


def _node(node: dict[str, Any]) -> Any:
    if "leaf_value" in node:
        return round(node["leaf_value"], _DIGITS)
    name, most = NAMES[node["split_feature"]], round(node["threshold"], _DIGITS)
    value = round(node["internal_value"], _DIGITS)
    return [name, most, value, _node(node["left_child"]), _node(node["right_child"])]
