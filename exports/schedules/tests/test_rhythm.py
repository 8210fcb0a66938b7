"""Days of scheduled exports: against a plain walk through the calendar."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports.schedules.choices import Recurrence
from exports.schedules.services.rhythm import covered, day_number, due_at, missed

DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))
NUMBERS = st.integers(0, 60)
ZONES = st.sampled_from([ZoneInfo(name) for name in ("UTC", "Europe/Berlin", "America/New_York", "Pacific/Apia")])


@given(DAYS, st.sampled_from(Recurrence.values), NUMBERS)
def test_what_is_covered_lies_end_to_end_and_ends_on_the_eve(first: date, rhythm: str, number: int) -> None:
    start, end = covered(first, rhythm, number)
    assert end == day_number(first, rhythm, number) - timedelta(days=1)
    assert covered(first, rhythm, number + 1)[0] == end + timedelta(days=1)
    assert start <= end


@given(DAYS, NUMBERS)
def test_each_month_has_one(first: date, number: int) -> None:
    day = day_number(first, Recurrence.MONTHLY, number)
    assert (day.year * 12 + day.month) - (first.year * 12 + first.month) == number
    assert day.day == first.day or (day + timedelta(days=1)).day == 1


def test_a_month_without_the_day_has_its_last_one_and_the_next_has_the_day_again() -> None:
    days = [day_number(date(2027, 1, 31), Recurrence.MONTHLY, number) for number in range(4)]
    assert days == [date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31), date(2027, 4, 30)]


@given(DAYS, st.sampled_from(Recurrence.values), NUMBERS, st.integers(0, 40), ZONES)
def test_after_an_outage_each_missed_one_comes_once(
    first: date, rhythm: str, following: int, more: int, zone: ZoneInfo
) -> None:
    now = due_at(day_number(first, rhythm, following + more), zone)
    assert list(missed(first, rhythm, following, now, zone)) == list(range(following, following + more + 1))
    assert list(missed(first, rhythm, following + more + 1, now, zone)) == []


@pytest.mark.parametrize(
    ("day", "hour"),
    [(date(2027, 3, 27), 5), (date(2027, 3, 28), 4), (date(2027, 10, 31), 5)],
    ids=["cet", "cest", "cet"],
)
def test_it_is_six_on_the_owners_clock_on_nights_when_clocks_change(day: date, hour: int) -> None:
    assert due_at(day, ZoneInfo("Europe/Berlin")).astimezone(UTC) == datetime(
        day.year, day.month, day.day, hour, tzinfo=UTC
    )
