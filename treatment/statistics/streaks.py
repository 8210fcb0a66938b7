"""Streaks: how many days in a row somebody has done something, as they would count."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

GRACE = 1  # days that may be missed within a streak, one at a time
AWARDED_DAYS = (7, 14, 30, 60, 90)


class Streak(NamedTuple):
    """Days with an entry in the streak that goes on today, and in the longest one."""

    current: int
    longest: int


def streak(days: Iterable[date], today: date) -> Streak:
    """Count streaks of the days, all in the person's own time zone; several entries of a day count once.

    One missed day is forgiven and does not count, two in a row end a streak. Days after `today` are left out.
    """
    known = sorted({day for day in days if day <= today})
    runs: list[list[date]] = []
    for day in known:
        if runs and day - runs[-1][-1] <= timedelta(days=1 + GRACE):
            runs[-1].append(day)
        else:
            runs.append([day])
    goes_on = bool(runs) and today - runs[-1][-1] <= timedelta(days=1 + GRACE)
    return Streak(len(runs[-1]) if goes_on else 0, max(map(len, runs), default=0))


def awards_due(longest: int, awarded: Iterable[int]) -> list[int]:
    """The lengths of `AWARDED_DAYS` that have been reached and not been awarded yet; several may be at once."""
    return [days for days in AWARDED_DAYS if days <= longest and days not in set(awarded)]
