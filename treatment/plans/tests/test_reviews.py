"""Reviews of a plan: recorded once a day, due again after so many days of the clinic's calendar."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from accounts.tests.factories import access_for
from therapybridge.core.errors import Conflict, InvalidInput
from treatment.goals.services.endings import discontinue_goal
from treatment.goals.tests.factories import make_goal
from treatment.models import Goal, PlanReview, TreatmentPlan
from treatment.plans.services.lifecycle import hold_plan
from treatment.plans.services.reviews import review_plan
from treatment.plans.services.writing import change_plan
from treatment.plans.tests.factories import make_active_plan, make_plan, start_plan
from treatment.signals import plan_reviewed

pytestmark = pytest.mark.django_db


def review(plan, therapist, outcome="continued", **fields):
    return review_plan(
        plan, outcome=outcome, revision=plan.revision, access=access_for(therapist, plan.patient), **fields
    )


@pytest.fixture
def plan(therapist, patient):
    return make_active_plan(patient, therapist, review_every_days=30)


@pytest.mark.parametrize(
    ("days", "state"),
    [(-1, "overdue"), (0, "due"), (7, "due"), (8, "on_time")],
    ids=["late", "today", "a week", "more"],
)
def test_a_review_is_due_a_week_ahead_and_overdue_the_day_after(plan, days, state):
    today = plan.clinic.today
    plan.next_review_date = today + timedelta(days=days)
    plan.save()
    assert plan.review_state(today) == state
    for each in ("overdue", "due", "on_time"):
        assert TreatmentPlan.objects.reviewed(each, today).exists() is (each == state)


def test_the_day_is_that_of_the_clinic(client_for, api_for, therapist, plan):
    plan.next_review_date = date(2026, 12, 1)
    plan.save()
    # Half past midnight in Berlin, and still the day before in UTC.
    with time_machine.travel(datetime(2026, 12, 2, 0, 30, tzinfo=ZoneInfo("Europe/Berlin")), tick=False):
        told = api_for(therapist).get("/api/v1/plans", {"review": "overdue"}).json()["results"]
    assert [(one["id"], one["review_state"]) for one in told] == [(str(plan.pk), "overdue")]


def test_a_review_sets_the_next_date(plan, therapist, django_capture_on_commit_callbacks):
    heard = []

    def hear(sender, plan, review, **kwargs):
        heard.append((plan.pk, review.outcome))

    plan_reviewed.connect(hear)
    due = plan.next_review_date
    with django_capture_on_commit_callbacks(execute=True):
        made = review(plan, therapist, notes="Sleeps better.")
    plan_reviewed.disconnect(hear)
    plan.refresh_from_db()
    assert (made.due_date, made.version, made.notes) == (due, 1, "Sleeps better.")
    assert (plan.version, plan.next_review_date) == (1, plan.clinic.today + timedelta(days=30))
    assert heard == [(plan.pk, "continued")]


def give_up(goal):
    access = access_for(goal.plan.therapist, goal.patient)
    discontinue_goal(goal, revision=goal.revision, reason="The bus was cancelled.", access=access)


@pytest.mark.parametrize(
    ("change", "version"),
    [
        (lambda plan, goal, step: None, 1),
        (lambda plan, goal, step: Goal.objects.filter(pk=goal.pk).update(status="in_progress", progress=40), 1),
        (lambda plan, goal, step: plan.milestones.update(status="in_progress"), 1),
        (lambda plan, goal, step: make_goal(plan, wording="Sleep"), 2),
        (lambda plan, goal, step: plan.milestones.update(status="discontinued"), 2),
        (lambda plan, goal, step: setattr(goal, "wording", "Take the tram") or goal.save(), 2),
        (lambda plan, goal, step: give_up(goal), 2),
    ],
    ids=["nothing", "progress", "a step begun", "a new goal", "a step dropped", "other words", "a goal given up"],
)
def test_a_review_keeps_a_version_of_a_plan_that_says_something_else(patient, therapist, change, version):
    plan = make_plan(patient, therapist)
    goal = make_goal(plan)
    step = plan.milestones.create(patient=plan.patient, position=1, description="Ride one stop", notes="")
    start_plan(plan, therapist)
    change(plan, goal, step)
    review(plan, therapist)
    plan.refresh_from_db()
    assert (plan.version, plan.reviews.get().version) == (version, 1)
    assert plan.versions.filter(cause="reviewed").count() == version - 1


def test_a_day_has_one_review_and_an_older_tab_adds_none(plan, therapist):
    review(plan, therapist)
    with pytest.raises(Conflict) as refused:
        review(plan, therapist)
    assert refused.value.code == "already_reviewed"
    with pytest.raises(Conflict) as refused:
        review_plan(plan, outcome="continued", revision=2, access=access_for(therapist, plan.patient))
    assert refused.value.code == "edit_conflict"
    assert PlanReview.objects.count() == 1


def test_a_review_can_end_the_plan(plan, therapist):
    review(plan, therapist, outcome="ended")
    plan.refresh_from_db()
    assert (plan.status, plan.ended_date, plan.next_review_date) == ("completed", plan.clinic.today, None)


def test_only_active_plans_are_reviewed(therapist, patient):
    with pytest.raises(Conflict) as refused:
        review(make_plan(patient, therapist), therapist)
    assert refused.value.code == "plan_not_active"


def test_an_unknown_outcome_is_refused(plan, therapist):
    with pytest.raises(InvalidInput):
        review(plan, therapist, outcome="better")


def test_another_rhythm_counts_from_the_last_review(plan, therapist):
    access = access_for(therapist, plan.patient)
    started = plan.next_review_date - timedelta(days=30)
    change_plan(plan, revision=plan.revision, access=access, review_every_days=14)
    assert plan.next_review_date == started + timedelta(days=14)
    with time_machine.travel(datetime.now(tz=ZoneInfo("UTC")) + timedelta(days=10), tick=False):
        review(plan, therapist)
        change_plan(plan, revision=plan.revision, access=access, review_every_days=20)
    assert plan.next_review_date == plan.reviews.get().reviewed_date + timedelta(days=20)


def test_a_plan_on_hold_is_not_due(plan, therapist):
    hold_plan(plan, reason="A journey.", revision=plan.revision, access=access_for(therapist, plan.patient))
    assert plan.review_state(plan.clinic.today) is None
    assert not TreatmentPlan.objects.due_for_review(plan.clinic.today + timedelta(days=400)).exists()
