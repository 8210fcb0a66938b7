"""Dates and times in the reader's form and zone: the only place that formats them.

A moment is shown in the active time zone, a date without a time as it is: it is a day of the clinic. The form follows
the active locale (`therapybridge/formats`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone, translation
from django.utils.formats import date_format, time_format
from django.utils.timesince import timesince

Dated = date | datetime


@contextmanager
def dates_of(zone: ZoneInfo, locale: str) -> Iterator[None]:
    """Show dates in this zone and in the form of this locale."""
    with timezone.override(zone), translation.override(locale):
        yield


def day(at: Dated) -> str:
    """3 Nov 2026; Nov 3, 2026 in the United States."""
    return date_format(_local(at), "DATE_FORMAT")


def weekday(at: Dated) -> str:
    """The day with its weekday, for headings."""
    return f"{date_format(_local(at), 'l')}, {day(at)}"


def month(at: Dated) -> str:
    """November 2026."""
    return date_format(_local(at), "YEAR_MONTH_FORMAT")


def moment(at: datetime) -> str:
    """3 Nov 2026, 14:05; Nov 3, 2026, 2:05 PM in the United States."""
    return date_format(_local(at), "DATETIME_FORMAT")


def clock(at: datetime) -> str:
    """14:05; 2:05 PM in the United States."""
    return time_format(timezone.localtime(at), "TIME_FORMAT")


def hour(at: time) -> str:
    """A time of any day, on a person's own clock, in the same form."""
    return time_format(at, "TIME_FORMAT")


def zoned(at: datetime) -> str:
    """The moment and its zone, for paper and signatures: there is nothing to hover over."""
    return f"{moment(at)} {zone_name(at)}"


def zone_name(at: datetime) -> str:
    """The zone at that moment: EST (New York), GMT+4 (Dubai), UTC."""
    name = timezone.get_current_timezone_name()
    place = str(timezone.get_current_timezone()).rpartition("/")[2].replace("_", " ")
    local = timezone.localtime(at)
    short = date_format(local, "T")
    if not short.isalpha():
        short = f"GMT{_offset(local)}"
    return short if name == "UTC" or place == short else f"{short} ({place})"


def _offset(local: datetime) -> str:
    hours, minutes = divmod(abs(int(local.utcoffset().total_seconds())) // 60, 60)  # type: ignore[union-attr]  # aware
    sign = "-" if local.utcoffset().days < 0 else "+"  # type: ignore[union-attr]  # aware
    return f"{sign}{hours}:{minutes:02}" if minutes else f"{sign}{hours}"


def age(at: datetime) -> str:
    """How long ago, in its largest unit: 3 days."""
    if timezone.now() - at < timedelta(minutes=1):
        return "less than a minute"
    return timesince(at, depth=1).replace("\xa0", " ")


def _local(at: Dated) -> Dated:
    return timezone.localtime(at) if isinstance(at, datetime) else at
