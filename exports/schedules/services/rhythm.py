"""The days on which a scheduled export is due, and what each of them covers. Days are those of its owner's zone."""

import calendar
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from exports.schedules.choices import Recurrence

HOUR = time(6)  # on the owner's clock: before the day's first session


def day_number(first: date, rhythm: str, number: int) -> date:
    """The day of the occurrence `number`, counted from 0 at `first`. A month without that day has its last one."""
    if rhythm == Recurrence.DAILY:
        return first + timedelta(days=number)
    if rhythm == Recurrence.WEEKLY:
        return first + timedelta(weeks=number)
    month = first.month - 1 + number
    year, month = first.year + month // 12, month % 12 + 1
    return date(year, month, min(first.day, calendar.monthrange(year, month)[1]))


def covered(first: date, rhythm: str, number: int) -> tuple[date, date]:
    """The days that the occurrence covers, both included: from the one before it up to its own eve."""
    return day_number(first, rhythm, number - 1), day_number(first, rhythm, number) - timedelta(days=1)


def due_at(day: date, zone: ZoneInfo) -> datetime:
    """When the export of a day is made. An hour that a clock leaves out comes as late as it is long."""
    return datetime.combine(day, HOUR, zone)


def missed(first: date, rhythm: str, following: int, now: datetime, zone: ZoneInfo) -> Iterator[int]:
    """The numbers of the occurrences from `following` on that are due by now, in their order."""
    while due_at(day_number(first, rhythm, following), zone) <= now:
        yield following
        following += 1
