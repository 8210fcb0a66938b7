"""Progress of goals, in whole per cent."""

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

ACHIEVED = 100
AWARDED_PERCENT = (25, 50, 75, 100)


class Weighted(NamedTuple):
    """A goal without goals below it, or the mean of those below it, and how much it counts."""

    percent: int
    weight: int


def percent_of(baseline: Decimal, current: Decimal, target: Decimal) -> int:
    """How far `current` has come from `baseline` to `target`, between 0 and 100, whichever way the target lies.

    Beyond the target it is 100; on the wrong side of the baseline it is 0. If baseline and target are the same, a goal
    is to keep what there is: 100 while it is kept, 0 if not.
    """
    if baseline == target:
        return ACHIEVED if current == target else 0
    share = (current - baseline) / (target - baseline)
    # Rounded down, so that nothing is achieved before it is.
    return int(min(max(share, Decimal(0)), Decimal(1)) * ACHIEVED)


def raised(percent: int, rating: int) -> int:
    """Progress after a rating, which never lowers it."""
    return max(percent, min(max(rating, 0), ACHIEVED))


def weighted_mean(goals: Sequence[Weighted]) -> int:
    """The mean by weight, halves up; 0 of nothing. 100 only if all are."""
    weights = sum(goal.weight for goal in goals)
    if not weights:
        return 0
    mean = Decimal(sum(goal.percent * goal.weight for goal in goals)) / weights
    rounded = int(mean.to_integral_value(ROUND_HALF_UP))
    return rounded if all(goal.percent == ACHIEVED for goal in goals) else min(rounded, ACHIEVED - 1)


def thresholds_due(percent: int, awarded: Iterable[int]) -> list[int]:
    """Those of `AWARDED_PERCENT` that have been reached and not been awarded yet; one jump may reach several."""
    return [threshold for threshold in AWARDED_PERCENT if threshold <= percent and threshold not in set(awarded)]
