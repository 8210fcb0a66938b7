"""Series of times that rise down a file, which is how clocks are told from other numbers."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence

_RISING = 0.9


def longest_rising(times: Mapping[int, float]) -> list[int]:
    """The keys of a longest series of values that never falls."""
    ends: list[tuple[float, int]] = []  # for each length, the smallest last value of such a series, and its key
    before: dict[int, int | None] = {}
    for at, value in times.items():
        place = bisect_right(ends, value, key=lambda end: end[0])
        before[at] = ends[place - 1][1] if place else None
        ends[place : place + 1] = [(value, at)]
    kept: list[int] = []
    key = ends[-1][1] if ends else None
    while key is not None:
        kept.append(key)
        key = before[key]
    return kept[::-1]


def mostly_rising(times: Sequence[float]) -> bool:
    """Whether nearly all of the times are in order."""
    return is_nearly_all(len(longest_rising(dict(enumerate(times)))), len(times))


def is_nearly_all(count: int, total: int) -> bool:
    """The share of times that has to be in order."""
    return count >= _RISING * total
