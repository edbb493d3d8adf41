"""A small linear scorer for blocks that no rule has judged: a sum of weights that anybody can read (`weights.toml`).

`tools/train_strip.py` makes the weights of labelled articles. The scorer abstains towards keep: above `cut` a block
goes, between `doubt` and `cut` an admin is asked, below it stays.
"""

import math
import tomllib
from collections.abc import Container, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

BIAS = "#bias"  # the weight of what is known of every block; no word looks like it
UNKNOWN = "scored"


@dataclass(frozen=True, slots=True)
class Scorer:
    """Weights by feature, and the two probabilities (0 to 1) at which the scorer speaks."""

    weights: Mapping[str, float]
    cut: float
    doubt: float

    def probability(self, features: Mapping[str, float]) -> float:
        """Return how likely it is that a block with these features is boilerplate."""
        weigh = self.weights.get
        total = weigh(BIAS, 0.0) + sum([weigh(name, 0.0) * value for name, value in features.items()])
        return 1 / (1 + math.exp(-max(min(total, 30.0), -30.0)))

    def verdict(self, features: Mapping[str, float]) -> Literal["cut", "doubt", "keep"]:
        """Return what is to be done with a block."""
        probability = self.probability(features)
        return "cut" if probability >= self.cut else "doubt" if probability >= self.doubt else "keep"

    def reasons(self, features: Mapping[str, float], most: int = 4) -> str:
        """Return the features that spoke loudest for a cut, for the record."""
        parts = sorted(((self.weights.get(name, 0.0) * value, name) for name, value in features.items()), reverse=True)
        return ", ".join(f"{name} +{weight:.1f}" for weight, name in parts[:most] if weight > 0)


_FAMILIES = {
    "copyright": "copyright rights",
    "syndication": "first reuse terms yoursite headlines",
    "credit": "photo",
    "tags": "tags",
    "share": "share",
    "donate": "donate give",
    "newsletter": "subscribe newsletter",
    "comments": "comments",
    "related": "related listhead",
    "readmore": "readmore fullstory",
    "paywall": "locked",
    "podcast_promo": "podcast listen",
    "app": "app download",
    "contact": "contact tellus send",
    "ad": "sponsor continues",
    "email": "unmail",
    "privacy": "cookie",
    "like_widget": "like",
    "feed": "feed",
    "follow": "follow network",
    "nav": "nav",
}


def family_of(concepts: Container[str]) -> str:
    """Return the family of boilerplate that a text's concepts speak of, what owners are owed first; else "scored"."""
    return next(
        (family for family, names in _FAMILIES.items() if any(name in concepts for name in names.split())), UNKNOWN
    )


@cache
def shipped_scorer() -> Scorer:
    """Return the scorer that comes with the package."""
    table = tomllib.loads(files(__package__).joinpath("weights.toml").read_text("utf-8"))
    return Scorer(table["weights"], table["cut"], table["doubt"])
