"""Treatment of a patient of the demonstration, from `treatment.toml`: what was agreed, and what came of it when.

Everything is counted from a meeting: `after` is its number, from 1, and `days` are those that passed since. Goals and
trackers are named by `name`; a run of check-ins holds a value of each tracker for every evening, `every` so many days.
A `former` plan was given up before the one of today began.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from therapybridge.demo import cast, measuring, planning
from therapybridge.demo.course import Course
from therapybridge.demo.script import Table
from therapybridge.demo.timing import Scene

# Counted from the beginning of a meeting. The odd seconds keep what happens in one practice at once apart.
TOGETHER, AGREED, CLOSED = timedelta(minutes=58, seconds=13), timedelta(minutes=100, seconds=7), timedelta(minutes=104)
REACHED, RATED, JUDGED = timedelta(minutes=109, seconds=3), timedelta(minutes=112), timedelta(minutes=116)
REVIEWED, LINKED, HELD = timedelta(minutes=120, seconds=11), timedelta(minutes=143), timedelta(minutes=150)
GIVEN_UP, DROPPED = timedelta(minutes=96, seconds=5), timedelta(minutes=114)
RATING, ENTRY = timedelta(seconds=17), timedelta(minutes=106, seconds=5)
NIGHT, EVENING = 6, 20  # hours at which questionnaires become due, and at which patients write
ZONE = ZoneInfo(cast.TIME_ZONE)


def scenes(course: Course, now: datetime) -> Iterator[Scene]:
    """What happened up to now, in any order; what would still lie ahead is left out."""
    if course.written:
        told = (_planned(course), _pursued(course), _checked_in(course), _measured(course, now))
        yield from (scene for part in told for scene in part if scene.at < now)


def _planned(course: Course) -> Iterator[Scene]:
    plan = course.written["plan"]
    if former := course.written.get("former"):
        yield _scene(course, former, AGREED, planning.agree_former_plan)
        yield _scene(course, former["given_up"], GIVEN_UP, planning.give_up_plan, former["given_up"])
    yield _scene(course, plan, AGREED, planning.agree_plan)
    for review in plan.get("reviews", ()):
        yield _scene(course, review, REVIEWED, planning.review, review)
    if "held" in plan:
        yield _scene(course, plan["held"], HELD, planning.hold, plan["held"])
    for number, milestone in enumerate(course.written.get("milestones", ()), 1):
        if "reached" in milestone:
            yield _scene(course, milestone["reached"], REACHED, planning.reach_milestone, number)
    for link in course.written.get("notes", ()):
        known = {"after": max(link["meeting"], plan["after"])}
        yield _scene(course, known, LINKED + link["meeting"] * RATING, planning.link_note, link)


def _pursued(course: Course) -> Iterator[Scene]:
    """How far the goals came, and what helped."""
    for number, goal in enumerate(course.written["goals"]):
        for rating in goal.get("ratings", ()):
            yield _scene(course, rating, RATED + number * RATING, planning.rate, goal["name"], rating)
        if "given_up" in goal:
            later = DROPPED + number * RATING
            yield _scene(course, goal["given_up"], later, planning.give_up_goal, goal["name"], goal["given_up"])
        for at, use in enumerate(goal.get("interventions", ())):
            if "works" in use:
                later = JUDGED + (number * 5 + at) * RATING
                yield _scene(course, use["works"], later, planning.judge_intervention, goal["name"], use)


def _checked_in(course: Course) -> Iterator[Scene]:
    """What the patient wrote in the evenings, and what the therapist entered of days before a meeting."""
    for sent in course.written.get("check_ins", ()):
        first, every = _day(course, sent) + timedelta(days=1), timedelta(days=sent["every"])
        for number in range(len(sent["mood"])):
            at = _hour(course, first + number * every, EVENING)
            yield Scene(at, partial(measuring.check_in, course, sent, number))
    for number, brought in enumerate(course.written.get("entries", ())):
        yield _scene(course, brought, ENTRY + number * RATING, measuring.enter_values, brought)


def _measured(course: Course, now: datetime) -> Iterator[Scene]:
    for number, asked in enumerate(course.written.get("questionnaires", ())):
        if "every_days" in asked:
            first = _day(course, asked)
            yield _scene(course, {"after": asked["after"]}, CLOSED + number * RATING, measuring.schedule, asked, first)
            for day in _days_due(first, asked["every_days"], now):
                yield Scene(_hour(course, day, NIGHT, number), partial(measuring.ask, course, asked))
        for result in asked["results"]:
            yield from _answered(course, asked, result, number)


def _answered(course: Course, asked: Table, result: Table, number: int) -> Iterator[Scene]:
    fill_in = partial(measuring.fill_in, course, asked, result)
    if measuring.is_together(course, result):
        yield Scene(_at(course, result, TOGETHER + number * RATING), fill_in)
    else:
        yield Scene(_hour(course, _day(course, result), EVENING - 1, number), fill_in)
    if "review" in result:
        yield _scene(course, result, CLOSED - RATING, measuring.close_review, result["review"])


def _days_due(first: date, every: int, now: datetime) -> Iterator[date]:
    day = first
    while day <= now.date():
        yield day
        day += timedelta(days=every)


def _scene(course: Course, told: Table, offset: timedelta, act: Callable[..., Any], *given: Any) -> Scene:
    return Scene(_at(course, told, offset), partial(act, course, *given))


def _at(course: Course, told: Table, offset: timedelta) -> datetime:
    """So many days and minutes from the meeting that it names."""
    after, days = int(told["after"]), int(told.get("days", 0))
    return course.case.dates[after - 1] + timedelta(days=days) + offset


def _day(course: Course, told: Table) -> date:
    return _at(course, told, timedelta()).date()


def _hour(course: Course, day: date, hour: int, number: int = 0) -> datetime:
    """A time in that hour at which no other patient does anything: no two of them have the same slot."""
    slot = course.case.dates[0]
    return datetime(day.year, day.month, day.day, hour, slot.hour + slot.minute, number * 7, tzinfo=ZONE)
