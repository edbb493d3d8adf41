"""Logistic regression over sparse features, small enough to read: what the stripper's two scorers are trained with."""

import math
import random
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from syndicate.strip.scorer import BIAS


class Example(NamedTuple):
    """Features with values, whether they describe boilerplate, and how much the example counts."""

    features: Mapping[str, float]
    boilerplate: bool
    weight: float = 1.0


def fit(
    examples: Sequence[Example],
    *,
    rounds: int = 12,
    rate: float = 0.4,
    decay: float = 2e-6,
    least: int = 2,
    start: Mapping[str, float] | None = None,
) -> dict[str, float]:
    """Return weights by feature, with a bias; features of fewer than `least` examples are left out.

    Stochastic gradient descent with a rate of its own for each feature (AdaGrad), in an order that a fixed seed draws.
    Weights decay towards nothing, or towards those they `start` with: what these have learned of examples that are
    not at hand any more stays, as far as the new ones don't speak against it.
    """
    start = start or {}
    often = Counter(feature for example in examples for feature in example.features)
    known = {feature for feature, count in often.items() if count >= least or feature in start}
    rows = [
        (
            [(name, value) for name, value in example.features.items() if name in known] + [(BIAS, 1.0)],
            float(example.boilerplate),
            example.weight,
        )
        for example in examples
    ]
    weights: dict[str, float] = defaultdict(float, start)
    steps: dict[str, float] = defaultdict(lambda: 1e-6, dict.fromkeys(start, 1.0))
    steps[BIAS] = 1.0
    home = start.get
    shuffle = random.Random(1).shuffle
    for _ in range(rounds):
        shuffle(rows)
        for row, wanted, counts in rows:
            total = sum(weights[name] * value for name, value in row)
            error = (1 / (1 + math.exp(-max(-30.0, min(30.0, total)))) - wanted) * counts
            if abs(error) < 0.01:
                continue
            for name, value in row:
                slope = error * value
                steps[name] += slope * slope
                weights[name] -= rate * (slope / math.sqrt(steps[name]) + decay * (weights[name] - home(name, 0.0)))
    return dict(weights)


def log_odds(weights: Mapping[str, float], features: Mapping[str, float]) -> float:
    """Return the sum of weights for some features: log odds of being boilerplate."""
    return weights.get(BIAS, 0.0) + sum(weights.get(name, 0.0) * value for name, value in features.items())
