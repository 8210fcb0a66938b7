"""Treatment in the demonstration: one of each state, numbers that agree with the texts, and words said once."""

import re
from collections import Counter, defaultdict
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.models import User
from sessions_app.models import ActionItem, RiskReview, SessionNote, TherapySession
from sessions_app.pipeline.note_templates.content import Content
from therapybridge.demo import script
from therapybridge.tests.demonstration import demonstration
from timeline.models import TimelineEvent
from timeline.services.treatment_events import reconcile_treatment
from treatment.instruments import INSTRUMENTS
from treatment.models import (
    CheckIn,
    Goal,
    GoalIntervention,
    GoalLink,
    MeasureResult,
    MeasureSchedule,
    NoteWithoutGoal,
    PlanMilestone,
    PlanReview,
    TrackingEntry,
    TreatmentPlan,
)
from treatment.plans.services.consents import agreement_of
from treatment.thread.choices import GapKind
from treatment.thread.services.gaps import gaps_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.any_database]
__all__ = ["demonstration"]  # a fixture
SPOKEN = {"wording", "plain_wording", "question", "note", "notes", "reason", "description", "problems", "diagnosis"}
FEWEST_WORDS = 3


def plan_of(name):
    """The latest."""
    plans = TreatmentPlan.objects.select_related("clinic", "patient").filter(patient__first_name=name)
    return plans.latest("created_at")


def values_of(name, kind):
    rows = TrackingEntry.objects.filter(patient__first_name=name, tracker__kind=kind)
    return [entry.value for entry in rows.order_by("day")]


def totals(name, instrument):
    rows = MeasureResult.objects.filter(patient__first_name=name, instrument=instrument).order_by("taken_date")
    return [row.outcome["total"] for row in rows]


def notes_of(name):
    notes = SessionNote.objects.filter(patient__first_name=name).order_by("session__session_date")
    return [" ".join(map(str, Content.from_json(note.content).values.values())) for note in notes]


def said(value, name=""):
    """Every text in a file that people read."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield from said(part, name if name == "notes" and isinstance(part, str) else key)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from said(part, name)
    elif isinstance(value, str) and name in SPOKEN:
        yield value


def test_a_plan_and_a_goal_were_given_up_with_a_reason(demonstration):
    [plan] = TreatmentPlan.objects.filter(status="discontinued").select_related("patient")
    assert (plan.patient.first_name, agreement_of(plan).state) == ("Lucía", "given")
    assert "agreed out of politeness" in plan.reason
    assert plan.created_at < plan_of("Lucía").created_at
    [goal] = Goal.objects.filter(status="discontinued").select_related("patient")
    assert (goal.patient.first_name, goal.wording.partition(" for")[0]) == ("Samuel", "Goes back to the church choir")
    assert "More my idea than his" in goal.reason
    assert TimelineEvent.objects.live().filter(related_entity_id=plan.pk, event_subtype="ended").exists()


def test_what_was_agreed_is_told_in_the_text_of_a_session_that_does_not_list_it(demonstration):
    untold = ActionItem.objects.filter(is_for_patient=False, session__summary__status="shared")
    assert untold.exists()
    for item in untold.select_related("session__summary"):
        task, text = (set(re.findall(r"\w{4,}", said.casefold())) for said in (item.task, item.session.summary.text))
        assert task & text, item.task


def test_plans_are_in_five_states_and_one_review_is_overdue(demonstration):
    states = dict(TreatmentPlan.objects.order_by("created_at").values_list("patient__first_name", "status"))
    assert states.pop("Maria Fernanda") == "on_hold"
    assert states.pop("Lucía") == "draft"
    assert states == dict.fromkeys(["Claire", "Elena", "Jun", "Samuel", "Theo", "Walter"], "active")
    overdue = [plan for plan in TreatmentPlan.objects.all() if plan.review_state(plan.clinic.today) == "overdue"]
    assert [plan.patient.first_name for plan in overdue] == ["Theo"]
    assert "pause of two months" in plan_of("Maria Fernanda").reason


def test_patients_agreed_to_the_plans_as_they_are(demonstration):
    started = TreatmentPlan.objects.exclude(status="draft").select_related("clinic")
    assert {agreement_of(plan).state for plan in started} == {"given"}
    assert agreement_of(plan_of("Lucía")).state == "not_asked"
    assert set(PlanReview.objects.values_list("outcome", flat=True)) == {"continued", "revised"}


def test_codes_are_those_of_the_written_diagnosis(demonstration):
    for plan in TreatmentPlan.objects.select_related("patient__profile"):
        assert plan.codes[0] in plan.patient.profile.diagnosis


def test_goals_are_rated_over_time_and_each_has_a_way_to_be_reached(demonstration):
    assert {goal.status for goal in Goal.objects.all()} == {"not_started", "in_progress", "achieved", "discontinued"}
    per_plan = Counter(Goal.objects.values_list("plan", flat=True))
    assert set(per_plan.values()) <= {1, 2, 3, 4}
    travel = Goal.objects.get(patient__first_name="Elena", parent=None)
    assert travel.children.count() == 3
    assert 0 < travel.progress < 100
    assert GoalIntervention.objects.exclude(effectiveness=None).exists()
    assert set(PlanMilestone.objects.values_list("status", flat=True)) == {"pending", "achieved"}


def test_questionnaires_add_up_to_the_numbers_of_the_texts(demonstration):
    assert totals("Elena", "gad-7") == [16, 13, 9, 11]
    assert totals("Samuel", "phq-9") == [12, 8]
    assert "PHQ-9 12, item 9 zero" in notes_of("Samuel")[0]
    [first, _] = MeasureResult.objects.filter(patient__first_name="Samuel", instrument="phq-9").order_by("taken_date")
    assert first.outcome["answers"]["9"] == 0
    assert totals("Walter", "pcl-5") == [24, 17]
    assert max(totals("Walter", "pcl-5")) < 31
    assert totals("Maria Fernanda", "phq-9") == [11, 5, 4]
    assert totals("Claire", "who-5") == [24, 40, 16]


def test_no_event_is_written_by_hand_for_a_questionnaire_that_was_filled_in(demonstration):
    names = {instrument.name for instrument in INSTRUMENTS.values()}
    events = [event for person in script.patients() for event in person.events]
    assert any("instrument" in event.get("metadata", {}) for event in events)
    assert not [event for event in events if event.get("metadata", {}).get("instrument") in names]


def test_the_questionnaires_that_told_of_suicidal_thoughts_were_looked_at(demonstration):
    told = [row for row in MeasureResult.objects.filter(instrument="phq-9") if row.outcome["answers"]["9"]]
    told.sort(key=lambda row: row.taken_date)
    assert [(row.patient.first_name, row.outcome["total"]) for row in told] == [("Elena", 14), ("Elena", 9)]
    reviews = [RiskReview.objects.get(source_id=row.pk) for row in told]
    decided = [(review.status, review.disposition) for review in reviews]
    assert decided == [("disposed", "safety_plan"), ("disposed", "assessed")]
    assert all(review.opened_at < review.disposed_at < review.due_at for review in reviews)


def test_mood_is_asked_about_again_after_it_told_of_danger(demonstration):
    schedules = MeasureSchedule.objects.filter(instrument="phq-9", ended_at=None, every_days=14)
    assert set(schedules.values_list("patient__first_name", flat=True)) == {"Claire", "Elena"}
    claire = TimelineEvent.objects.filter(patient__first_name="Claire", event_type="assessment")
    scores = [event.metadata["score"] for event in claire.order_by("event_date") if "score" in event.metadata]
    assert scores == [16, 20]
    assert totals("Elena", "phq-9") == [14, 9, 5]


def test_what_is_filled_in_together_is_filled_in_on_the_day_of_a_meeting(demonstration):
    together = MeasureResult.objects.filter(filled_by="therapist").select_related("patient")
    assert together.exists()
    for result in together:
        held = TherapySession.objects.filter(patient=result.patient).values_list("session_date", flat=True)
        assert result.taken_date in {at.astimezone(result.patient.zone).date() for at in held}


def test_check_in_and_milestone_agree_about_the_first_lunch(demonstration):
    ate = TrackingEntry.objects.filter(patient__first_name="Jun", tracker__kind="binary").order_by("day")
    lunch = PlanMilestone.objects.filter(patient__first_name="Jun", status="achieved").earliest("position")
    assert (ate[0].day, [entry.value for entry in ate[:3]]) == (lunch.achieved_date, [1, 1, 0])


def test_tracked_values_tell_what_was_said_in_the_sessions(demonstration):
    asleep = values_of("Walter", "duration")
    assert (sum(asleep[:7]) / 7, asleep[20], asleep[-1]) == (220, 290, 340)
    walks = values_of("Walter", "frequency")
    assert (sum(walks[:7]), sum(walks[7:21]), sum(walks[21:])) == (17, 5, 1)
    assert values_of("Elena", "scale")[-1] == 5
    sleep = values_of("Lucía", "duration")
    assert (len(sleep), sleep[0], sleep[-1]) == (14, 180, 390)
    measured = Goal.objects.get(patient__first_name="Walter", trackers__moves_goal=True)
    assert Decimal(measured.measurement["current"]) == 340
    assert measured.progress > 80


def test_check_ins_come_from_patients_who_can_sign_in(demonstration):
    sent = Counter(CheckIn.objects.values_list("patient__email", flat=True))
    assert set(sent) == {"patient@demo.example", "patient2@demo.example"}
    assert sent["patient@demo.example"] > 15
    days = CheckIn.objects.values_list("patient", "day")
    assert len(set(days)) == len(days)


def test_notes_serve_goals_and_one_says_why_none(demonstration):
    [without] = NoteWithoutGoal.objects.all()
    assert without.reason.startswith("A meeting about safety")
    linked = set(GoalLink.objects.values_list("note", flat=True)) | {without.note_id}
    of_plans = SessionNote.objects.exclude(patient__treatment_plans__status="draft")
    assert linked == set(of_plans.values_list("pk", flat=True))
    hannah = User.objects.get(email="therapist@demo.example")
    assert GapKind.NOTE not in {gap.kind for gap in gaps_of(User.objects.patients_treated_by(hannah))}


def test_treatment_happened_in_the_past_of_the_story(demonstration):
    now = timezone.now()
    for model in (TreatmentPlan, Goal, TrackingEntry, CheckIn, MeasureResult, GoalLink, PlanReview):
        assert model.objects.exists()
        assert not model.objects.filter(created_at__gte=now - timedelta(hours=1)).exists()
    assert not TrackingEntry.objects.filter(day__gt=now.date()).exists()
    for plan in TreatmentPlan.objects.all():
        first = TherapySession.objects.filter(patient=plan.patient_id).earliest("session_date")
        assert first.session_date < plan.created_at


def test_the_timeline_tells_it_at_its_moment(demonstration):
    told = TimelineEvent.objects.live().exclude(related_entity_type="").exclude(event_type__in=["session", "note"])
    assert {"treatment_plan", "goal", "milestone", "assessment"} <= set(told.values_list("event_type", flat=True))
    late = [one for one in told if one.created_at - one.event_date > timedelta(days=2)]
    assert not late
    assert reconcile_treatment() == 0


def test_no_sentence_of_a_treatment_is_written_twice(demonstration):
    where = defaultdict(list)
    for person in script.patients():
        for text in said(person.treatment):
            for part in re.split(r"[.!?:;\n]", text):
                words = re.findall(r"\w+", part.casefold())
                if len(words) >= FEWEST_WORDS:
                    where[" ".join(words)].append(person.first_name)
    assert len(where) > 150
    assert not {sentence for sentence, people in where.items() if len(people) > 1}
