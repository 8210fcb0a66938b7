"""Treatment on the timeline: each thing once, gone when it does not hold any more, and repaired after a crash."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta

import pytest

from accounts.tests.factories import access_for
from accounts.tests.threads import at_once
from timeline.models import TimelineCount, TimelineEvent
from timeline.services.treatment_events import reconcile_treatment, refresh_treatment_events
from timeline.tests.factories import make_event
from treatment.goals.services.changes import create_goal
from treatment.goals.services.endings import achieve_goal, reopen_goal
from treatment.measures.services.withdrawing import withdraw_result
from treatment.measures.tests.factories import taken
from treatment.models import Goal
from treatment.plans.services.lifecycle import complete_plan, discontinue_plan
from treatment.plans.services.milestones import change_milestone
from treatment.plans.services.reviews import review_plan
from treatment.plans.tests.factories import make_active_plan, make_milestone, make_plan, start_plan

pytestmark = pytest.mark.django_db


def recorded():
    """The titles of live events, which also are what the totals count."""
    rows = TimelineEvent.objects.live().exclude(related_entity_type="session").order_by("event_date", "id")
    counted = {(row.event_type, row.is_private): row.count for row in TimelineCount.objects.exclude(count=0)}
    assert counted == Counter(rows.order_by().values_list("event_type", "is_private"))
    return [row.title for row in rows]


@pytest.fixture
def access(therapist, patient):
    return access_for(therapist, patient)


@pytest.fixture
def add_goal(access):
    return lambda plan: create_goal(plan, access=access, term="long_term", wording="Take the bus alone")


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """Runs what waits for the commit."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def test_nothing_of_a_draft_is_an_event(therapist, patient, access, add_goal, committed):
    with committed():
        plan = make_plan(patient, therapist)
        goal = add_goal(plan)
        achieve_goal(goal, revision=goal.revision, access=access)
        step = make_milestone(plan, therapist)
        change_milestone(step, revision=step.revision, status="achieved", access=access)
    assert (recorded(), reconcile_treatment()) == ([], 0)
    with committed():
        discontinue_plan(plan, revision=plan.revision, reason="A mistake.", access=access)
    assert (recorded(), reconcile_treatment()) == ([], 0)


def test_what_was_written_in_a_draft_appears_when_the_plan_starts(therapist, patient, access, add_goal, committed):
    plan = make_plan(patient, therapist)
    add_goal(plan)
    step = make_milestone(plan, therapist)
    change_milestone(step, revision=step.revision, status="achieved", access=access)
    with committed():
        start_plan(plan, therapist)
    assert recorded() == ["Treatment plan started", "Goal set", "Milestone achieved"]


def test_a_day_stands_between_the_sessions_of_its_morning_and_its_afternoon(therapist, patient, committed):
    with committed():
        make_active_plan(patient, therapist)
    for hour in (9, 15):
        at = datetime.combine(patient.clinic.today, time(hour), patient.clinic_zone)
        make_event(patient, title=f"At {hour}", event_date=at)
    assert recorded() == ["At 9", "Treatment plan started", "At 15"]


def test_a_plan_is_recorded_when_it_is_started_reviewed_and_ended(therapist, patient, access, committed):
    with committed():
        plan = make_active_plan(patient, therapist)
    with committed():
        review_plan(plan, outcome="continued", revision=plan.revision, access=access)
    plan.refresh_from_db()
    with committed():
        complete_plan(plan, revision=plan.revision, access=access)
    assert recorded() == ["Treatment plan started", "Treatment plan reviewed", "Treatment plan ended"]
    (day,) = set(TimelineEvent.objects.values_list("event_day", flat=True))
    assert day == patient.clinic.today


def test_a_goal_is_achieved_until_it_is_reopened(therapist, patient, access, add_goal, committed):
    plan = make_active_plan(patient, therapist)
    with committed():
        goal = add_goal(plan)
    for times in (1, 2):
        with committed():
            achieve_goal(goal, revision=goal.revision, access=access)
        assert recorded() == ["Goal set", "Goal achieved"], times
        with committed():
            reopen_goal(goal, revision=goal.revision, access=access)
        assert recorded() == ["Goal set"], times


def test_a_goal_above_is_open_again_with_the_one_below(therapist, patient, access, add_goal, committed):
    plan = make_active_plan(patient, therapist)
    top = add_goal(plan)
    goal = create_goal(plan, access=access, term="short_term", wording="One stop", parent=top.pk)
    with committed():
        achieve_goal(goal, revision=goal.revision, access=access)
    assert recorded().count("Goal achieved") == 2
    with committed():
        reopen_goal(goal, revision=goal.revision, access=access)
    assert recorded().count("Goal achieved") == 0


def test_a_milestone_is_achieved_until_it_is_not(therapist, patient, access, committed):
    step = make_milestone(make_active_plan(patient, therapist), therapist)
    with committed():
        change_milestone(step, revision=step.revision, status="achieved", access=access)
    assert recorded() == ["Milestone achieved"]
    with committed():
        change_milestone(step, revision=step.revision, status="in_progress", access=access)
    assert recorded() == []


def test_a_questionnaire_is_on_the_timeline_until_it_is_withdrawn(therapist, patient, access, committed):
    with committed():
        result = taken(therapist, patient)
    assert recorded() == ["Questionnaire filled in"]
    assert TimelineEvent.objects.get().therapist == therapist
    with committed():
        withdraw_result(result, reason="It was a mistake.", access=access)
    assert recorded() == []


def test_an_event_has_the_day_at_the_clinic_on_which_it_happened(therapist, patient, add_goal, api_for):
    patient.clinic.time_zone = "Pacific/Auckland"
    patient.clinic.save()
    plan = make_active_plan(patient, therapist)
    evening = datetime(2026, 3, 1, 20, tzinfo=UTC)
    Goal.objects.filter(pk=add_goal(plan).pk).update(created_at=evening - timedelta(days=9))
    plan.versions.update(created_at=evening)
    taken(therapist, patient, taken_date=date(2026, 2, 7))
    reconcile_treatment()
    listed = api_for(therapist).get(f"/api/v1/patients/{patient.pk}/timeline").json()["events"]
    assert {event["event_type"]: event["event_date"] for event in listed} == {
        "treatment_plan": "2026-03-02",
        "goal": "2026-03-02",
        "assessment": "2026-02-07",
    }


@pytest.mark.usefixtures("lost")
def test_what_is_achieved_again_later_has_the_later_day():
    reconcile_treatment()
    Goal.objects.update(closed_date=date(2031, 5, 1))
    assert reconcile_treatment() == 1
    assert TimelineEvent.objects.get(title="Goal achieved").event_day == date(2031, 5, 1)


@pytest.fixture
def lost(therapist, patient, access, add_goal):
    """All that can happen, without the callbacks: the rows by their kind."""
    plan = make_active_plan(patient, therapist)
    goal = add_goal(plan)
    achieve_goal(goal, revision=goal.revision, access=access)
    step = make_milestone(plan, therapist)
    change_milestone(step, revision=step.revision, status="achieved", access=access)
    review_plan(plan, outcome="continued", revision=plan.revision, access=access)
    plan.refresh_from_db()
    return {"plan": plan, "goal": goal, "step": step, "result": taken(therapist, patient)}


def test_what_a_crash_swallowed_is_recorded_later_and_once(lost, access):
    complete_plan(lost["plan"], revision=lost["plan"].revision, access=access)
    assert recorded() == []
    assert reconcile_treatment() == 7
    assert sorted(recorded()) == [
        *("Goal achieved", "Goal set", "Milestone achieved", "Questionnaire filled in"),
        *("Treatment plan ended", "Treatment plan reviewed", "Treatment plan started"),
    ]
    assert reconcile_treatment() == 0


def test_a_withdrawal_that_a_crash_swallowed_is_made_good(lost, access):
    reconcile_treatment()
    goal, step = lost["goal"], lost["step"]
    reopen_goal(goal, revision=goal.revision, access=access)
    change_milestone(step, revision=step.revision, status="in_progress", access=access)
    withdraw_result(lost["result"], reason="It was a mistake.", access=access)
    assert reconcile_treatment() == 3
    assert sorted(recorded()) == ["Goal set", "Treatment plan reviewed", "Treatment plan started"]
    achieve_goal(goal, revision=goal.revision, access=access)
    assert reconcile_treatment() == 1
    assert "Goal achieved" in recorded()


@pytest.mark.usefixtures("lost")
def test_nothing_that_was_written_is_copied_into_an_event():
    reconcile_treatment()
    for event in TimelineEvent.objects.all():
        assert event.description == ""
        assert set(event.metadata) <= {"plan_id"}
        assert not any(words in event.title for words in ("bus", "Sleep", "GAD", "Step"))


@pytest.mark.django_db(transaction=True)
def test_eight_that_record_at_once_add_one_event(therapist, patient, access, add_goal):
    goal = add_goal(make_active_plan(patient, therapist))
    TimelineEvent.objects.all().delete()
    TimelineCount.objects.all().delete()
    calls = [lambda: refresh_treatment_events("goal", patient.pk, [goal.pk]), reconcile_treatment]
    assert at_once(calls * 4) == []
    assert sorted(recorded()) == ["Goal set", "Treatment plan started"]
