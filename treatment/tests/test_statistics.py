"""Trend, streaks, progress and reliable change against plain oracles over random data."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from treatment.instruments import INSTRUMENTS
from treatment.statistics.progress import Weighted, percent_of, raised, thresholds_due, weighted_mean
from treatment.statistics.reliable_change import needed, reliable_change
from treatment.statistics.streaks import awards_due, streak
from treatment.statistics.trend import Point, trend

START = date(2026, 3, 1)
DAYS = st.integers(0, 120).map(lambda n: START + timedelta(days=n))
NUMBERS = st.decimals(-1000, 1000, places=2)


@given(st.lists(st.tuples(DAYS, st.integers(0, 27)), max_size=12), st.sampled_from(["lower", "higher"]))
@example([(START + timedelta(days=n), value) for n, value in enumerate((10, 10, 11))], "lower")  # noise
def test_a_trend_is_the_median_slope_of_the_last_six_days(entries, better):
    last = dict(entries)
    days = sorted(last)[-6:]
    found = trend([Point(*entry) for entry in entries], span=27, better=better)

    assert found.points == len(days)
    if len(days) < 3:
        assert found.direction == "unknown"
        return
    slopes = sorted(Fraction(last[b] - last[a], (b - a).days) for a in days for b in days if a < b)
    middle = (slopes[len(slopes) // 2] + slopes[~(len(slopes) // 2)]) / 2
    change = middle * (days[-1] - days[0]).days
    assert found.change == pytest.approx(float(change))
    if abs(abs(change) - Fraction(27, 20)) > Fraction(1, 10**6):
        direction = (
            "steady"
            if abs(change) < Fraction(27, 20)
            else ("better" if (change > 0) == (better == "higher") else "worse")
        )
        assert found.direction == direction


@given(st.lists(st.tuples(DAYS, st.integers(0, 27)), unique_by=lambda entry: entry[0]), st.randoms())
def test_a_trend_does_not_depend_on_the_order_of_entries(entries, random):
    points = [Point(*entry) for entry in entries]
    shuffled = random.sample(points, len(points))

    assert trend(points, span=27, better="lower") == trend(shuffled, span=27, better="lower")


@pytest.mark.parametrize("values", [[18, 16, 14, 27, 10, 8], [18, 16, 14, 12, 10, 27]])
def test_one_odd_day_turns_no_trend(values):
    points = [Point(START + timedelta(weeks=week), value) for week, value in enumerate(values)]

    assert trend(points, span=27, better="lower").direction == "better"


@given(st.lists(DAYS, max_size=60), DAYS)
def test_a_streak_is_counted_as_by_walking_through_the_calendar(days, today):
    longest = current = missed = 0
    day = START - timedelta(days=3)
    while day <= today:
        if day in days:
            current, missed = current + 1, 0
        else:
            missed += 1
            if missed > 1 and day != today:
                current = 0
        longest = max(longest, current)
        day += timedelta(days=1)
    # Today is not over: it is not missed yet.
    assert streak(days, today).longest == longest
    assert streak(days, today).current == current


@given(st.integers(0, 100), st.sets(st.sampled_from([7, 14, 30, 60, 90])))
def test_each_length_is_awarded_once_and_several_at_a_time(longest, awarded):
    due = awards_due(longest, awarded)

    assert set(due) | {one for one in awarded if one <= longest} == {
        one for one in (7, 14, 30, 60, 90) if one <= longest
    }
    assert not set(due) & awarded
    assert awards_due(longest, [*awarded, *due]) == []


@given(NUMBERS, NUMBERS, NUMBERS)
def test_progress_is_the_share_of_the_way_never_below_none_nor_above_all(baseline, current, target):
    found = percent_of(baseline, current, target)

    if baseline == target:
        assert found == (100 if current == target else 0)
        return
    share = (Fraction(current) - Fraction(baseline)) / (Fraction(target) - Fraction(baseline))
    assert found == min(max(int(share * 100), 0), 100)
    assert (found == 100) == (share >= 1)


@given(st.integers(-50, 200), st.integers(0, 100))
def test_a_rating_never_lowers_progress(rating, percent):
    assert percent <= raised(percent, rating) <= 100


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(1, 3)), max_size=8))
def test_the_mean_counts_by_weight_and_is_whole_only_if_all_are(goals):
    found = weighted_mean([Weighted(*goal) for goal in goals])

    if not goals:
        assert found == 0
        return
    exact = Fraction(sum(p * w for p, w in goals), sum(w for _, w in goals))
    assert abs(found - exact) <= 1
    assert (found == 100) == all(percent == 100 for percent, _ in goals)
    assert min(p for p, _ in goals) <= found <= max(p for p, _ in goals)


@given(st.lists(st.integers(0, 100), min_size=1, max_size=6))
def test_thresholds_of_a_rising_goal_are_each_awarded_once(values):
    awarded = []
    for value in values:
        awarded += thresholds_due(value, awarded)

    assert awarded == [one for one in (25, 50, 75, 100) if one <= max(values)]


def test_a_reliable_change_of_the_gad7_is_the_published_one():
    gad7 = INSTRUMENTS["gad-7"]

    assert needed(gad7.reliability) == pytest.approx(5.59, abs=0.01)
    assert reliable_change(gad7, 15, 9).verdict == "reliable improvement"
    assert reliable_change(gad7, 15, 10).verdict == "no reliable change"
    assert reliable_change(gad7, 9, 15).verdict == "reliable worsening"
    assert reliable_change(gad7, 9, 9).difference == 0


def test_nothing_is_said_of_change_where_no_reliability_is_known():
    assert reliable_change(INSTRUMENTS["session-check"], 10, 40) is None


def test_decimals_do_not_round_up_to_achieved():
    assert percent_of(Decimal(0), Decimal("99.99"), Decimal(100)) == 99
