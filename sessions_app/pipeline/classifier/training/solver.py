"""A linear support vector machine, trained by dual coordinate descent (Hsieh et al., 2008, with squared hinge loss).

Only sums and products in a fixed order, so that the same sentences give the same weights everywhere.
"""

import random
from collections.abc import Mapping, Sequence
from operator import mul

Row = Mapping[int, float]  # the values of the features that a sentence has

SHUFFLE = 2008  # seed
ROUNDS = 30


def trained(rows: Sequence[Row], labels: Sequence[bool], *, cost: float, features: int) -> list[float]:
    """One weight per feature. Both classes weigh the same, however many sentences they have."""
    weights = [0.0] * features
    duals = [0.0] * len(rows)
    order = list(range(len(rows)))
    softness = {label: labels.count(label) / (cost * len(labels)) for label in (True, False)}
    diagonal = [sum(value * value for value in row.values()) for row in rows]
    shuffle = random.Random(SHUFFLE).shuffle  # noqa: S311  no secret
    for _ in range(ROUNDS):
        shuffle(order)
        for at in order:
            sign = 1.0 if labels[at] else -1.0
            soft = softness[labels[at]]
            margin = sum(map(mul, map(weights.__getitem__, rows[at]), rows[at].values()))
            gradient = sign * margin - 1 + soft * duals[at]
            stepped = max(duals[at] - gradient / (diagonal[at] + soft), 0.0)
            change, duals[at] = (stepped - duals[at]) * sign, stepped
            if change:
                for feature, value in rows[at].items():
                    weights[feature] += change * value
    return weights
