"""Progress reports: what a period brought, and nothing of another one."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from sessions_app.models import TherapySession
from treatment.goals.tests.factories import make_goal, make_plan
from treatment.models import Goal, GoalRating, MeasureResult, PlanMilestone, PlanReview
from treatment.reports.contexts import MOST_REVIEWS
from treatment.thread.tests.test_evidence import said
from treatment.tracking.tests.factories import running_tracker

pytestmark = pytest.mark.django_db
SCORE = {"band": "mild", "subscales": {}, "endorsed": [], "prorated": False, "answers": {}}


@pytest.fixture
def plan(patient, therapist):
    return make_plan(patient, therapist)


@pytest.fixture
def report(client_for, therapist, patient):
    client = client_for(therapist)
    return lambda **period: client.get(f"/patients/{patient.pk}/progress", period)


def rated(goal, percent, day):
    GoalRating.objects.create(goal=goal, percent=percent, rated_date=day, note="")


def test_it_says_what_the_period_brought(report, plan, patient, therapist):
    today = patient.clinic_day
    TherapySession.objects.create(
        patient=patient, therapist=therapist, clinic=patient.clinic, session_date=timezone.now(), status="processed"
    )
    goal = make_goal(plan, wording="Sleep through the night")
    rated(goal, 20, today - timedelta(days=30))
    rated(goal, 45, today)
    of_plan = {"plan": plan, "patient": patient}
    PlanMilestone.objects.create(
        position=1, description="Slept seven hours", status="achieved", achieved_date=today, **of_plan
    )
    PlanReview.objects.create(
        plan=plan, due_date=today, reviewed_date=today, outcome="continued", notes="We go on.", version=1
    )
    MeasureResult.objects.create(
        patient=patient,
        instrument="phq-9",
        instrument_version=1,
        taken_date=today,
        filled_by="patient",
        outcome=SCORE | {"total": 9},
    )
    text = report().text
    for told in ("Sleep through", "20% on", "45% on", "Slept seven hours", "We go on.", "PHQ-9", "9 of 27"):
        assert told in text


def test_what_lies_outside_the_period_is_left_out(report, plan, patient):
    today = patient.clinic_day
    goal = make_goal(plan)
    rated(goal, 20, today - timedelta(days=30))
    PlanReview.objects.create(
        plan=plan,
        due_date=today,
        reviewed_date=today - timedelta(days=30),
        outcome="continued",
        notes="Old.",
        version=1,
    )
    text = report(start=(today - timedelta(days=7)).isoformat(), end=today.isoformat()).text
    assert "Old." not in text
    assert "Rated in the period" not in text


def test_many_ratings_are_told_by_the_first_the_last_and_a_count(report, plan, patient):
    today = patient.clinic_day
    goal, other = make_goal(plan), make_goal(plan)
    for days, percent in ((9, 10), (9, 15), (5, 60), (2, 40)):
        rated(goal, percent, today - timedelta(days=days))
    rated(other, 30, today)
    report()
    with CaptureQueriesContext(connection) as few:
        rows = report().context["plans"][0]["goals"]
    told = [(one["rated"].first.percent, one["rated"].last.percent, one["rated"].between) for one in rows]
    assert told == [(10, 40, 2), (30, 30, 0)]
    for day in range(40):
        rated(goal, day, today - timedelta(days=8))
    with CaptureQueriesContext(connection) as many:
        text = " ".join(report().text.split())
    assert "and 42 times between" in text
    assert len(many) == len(few)


def test_of_many_reviews_the_latest_are_told_and_the_rest_are_counted(report, plan, patient):
    today = patient.clinic_day
    for day in range(MOST_REVIEWS + 2):
        held = today - timedelta(days=day)
        PlanReview.objects.create(
            plan=plan, due_date=held, reviewed_date=held, outcome="continued", notes=f"Held {day} days ago.", version=1
        )
    text = report().text
    assert f"Held {MOST_REVIEWS - 1} days ago." in text
    assert f"Held {MOST_REVIEWS} days ago." not in text
    assert "2 earlier reviews of the period are kept with the plan." in text


def test_a_period_that_ends_before_it_starts_is_refused(report):
    assert report(start="2026-03-02", end="2026-03-01").status_code == 422


def test_a_goal_is_followed_to_the_words_of_the_period(report, plan, therapist):
    goal = make_goal(plan)
    said(goal, therapist, ("I rode alone.", "supported"), days_ago=3)
    said(goal, therapist, ("Not alone yet.", "supported"), days_ago=200)
    text = report().text
    assert "Served by 1 note of the period." in text
    assert "“I rode alone.”" in text
    assert "#segment-0" in text
    assert "Not alone yet." not in text


def test_more_goals_ask_no_more(report, plan, patient, therapist):
    running_tracker(patient, goal=make_goal(plan))
    said(Goal.objects.get(), therapist, ("I rode alone.", "supported"))
    report()
    with CaptureQueriesContext(connection) as few:
        report()
    for _ in range(10):
        goal = make_goal(plan)
        running_tracker(patient, goal=goal)
        said(goal, therapist, ("I rode alone.", "supported"))
    with CaptureQueriesContext(connection) as many:
        report()
    assert len(many) == len(few)
    assert Goal.objects.count() == 11
