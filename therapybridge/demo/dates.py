"""The practice's opening days."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

THURSDAY, SATURDAY = 3, 5
# First and last day of the yearly closures, as (month, day).
CLOSED = (((1, 1), (1, 1)), ((7, 4), (7, 4)), ((12, 24), (12, 31)))
THANKSGIVING = ((11, 22), (11, 28))  # the Thursday in it, the fourth of November


def is_open(day: date) -> bool:
    """Whether the practice is open: weekdays outside the holidays."""
    at = (day.month, day.day)
    closed = (*CLOSED, THANKSGIVING) if day.weekday() == THURSDAY else CLOSED
    return day.weekday() < SATURDAY and not any(first <= at <= last for first, last in closed)


def last_working_day(now: datetime, zone: ZoneInfo, back: int = 0) -> date:
    """The last open day before today in `zone`, or `back` open days before that."""
    day = now.astimezone(zone).date() - timedelta(days=1)
    while not is_open(day) or back:
        back -= is_open(day)
        day -= timedelta(days=1)
    return day


def slots(last: date, gaps: Sequence[int], at: time, zone: ZoneInfo) -> list[datetime]:
    """Dates of meetings up to `last` (a weekday), oldest first; holidays move a meeting a week earlier.

    The first gap is not used: it leads to the first meeting.
    """
    days = [_open_week(last)]
    for weeks in reversed(gaps[1:]):
        days.append(_open_week(days[-1] - timedelta(weeks=weeks)))
    return [datetime.combine(day, at, zone) for day in reversed(days)]


def _open_week(day: date) -> date:
    while not is_open(day):
        day -= timedelta(weeks=1)
    return day
