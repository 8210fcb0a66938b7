"""The one rule by which the product says that values get better or worse."""

from collections.abc import Iterable
from datetime import date
from statistics import median
from typing import Literal, NamedTuple

Direction = Literal["better", "worse", "steady", "unknown"]

WINDOW = 6  # the newest values that are looked at
FEWEST = 3  # of fewer, nothing is said
DEAD_BAND = 0.05  # share of the range: as much change over the window is noise


class Point(NamedTuple):
    """A value of a day."""

    day: date
    value: float


class Trend(NamedTuple):
    """Where the values go; `change` is what the line through them rises over the window, in their unit."""

    direction: Direction
    change: float
    points: int


def trend(points: Iterable[Point], *, span: float, better: Literal["lower", "higher"]) -> Trend:
    """Whether values get better, by the line through the newest of them.

    Of several values of a day the last one given counts. The newest `WINDOW` days are used; with fewer than `FEWEST`
    the direction is unknown. The line is Theil's and Sen's: its slope is the median of the slopes between all pairs, so
    that a single odd day turns nothing. It is steady if the line changes by no more than `DEAD_BAND` of `span`, the
    range of possible values (or the distance from baseline to target), over the time between first and last point.
    """
    by_day = {point.day: point.value for point in points}
    newest = sorted(by_day.items())[-WINDOW:]
    if len(newest) < FEWEST:
        return Trend("unknown", 0.0, len(newest))
    change = _slope(newest) * (newest[-1][0] - newest[0][0]).days
    if abs(change) <= DEAD_BAND * abs(span):
        return Trend("steady", change, len(newest))
    return Trend("better" if (change > 0) == (better == "higher") else "worse", change, len(newest))


def _slope(points: list[tuple[date, float]]) -> float:
    """Per day."""
    return median(
        (later - earlier) / (end - start).days
        for at, (start, earlier) in enumerate(points)
        for end, later in points[at + 1 :]
    )
