"""Logistic regression over sparse features, small enough to read: what the stripper's two scorers are trained with."""

import math
import random
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Example(NamedTuple):
    """Features with values, whether they describe boilerplate, and how much the example counts."""

    features: Mapping[str, float]
    boilerplate: bool
    weight: float = 1.0


def fit(
    examples: Sequence[Example], *, rounds: int = 12, rate: float = 0.4, decay: float = 2e-6, least: int = 2
) -> dict[str, float]:
    """Return weights by feature, with "bias"; features of fewer than `least` examples are left out.

    Stochastic gradient descent with a rate of its own for each feature (AdaGrad), in an order that a fixed seed draws.
    """
    often = Counter(feature for example in examples for feature in example.features)
    known = {feature for feature, count in often.items() if count >= least}
    rows = [
        (
            [(name, value) for name, value in example.features.items() if name in known] + [("bias", 1.0)],
            float(example.boilerplate),
            example.weight,
        )
        for example in examples
    ]
    weights: dict[str, float] = defaultdict(float)
    steps: dict[str, float] = defaultdict(lambda: 1e-6)
    steps["bias"] = 1.0
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
                weights[name] -= rate * (slope / math.sqrt(steps[name]) + decay * weights[name])
    return dict(weights)


def log_odds(weights: Mapping[str, float], features: Mapping[str, float]) -> float:
    """Return the sum of weights for some features: log odds of being boilerplate."""
    return weights.get("bias", 0.0) + sum(weights.get(name, 0.0) * value for name, value in features.items())
