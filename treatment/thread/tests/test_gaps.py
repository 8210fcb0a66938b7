"""What is missing between plans, goals, notes and questionnaires."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from accounts.tests.factories import CareFactory, PatientFactory
from sessions_app.models import NoteTemplate, SessionNote, TherapySession
from treatment.goals.models import Goal
from treatment.goals.tests.factories import make_goal, make_plan
from treatment.measures.models import MeasureAssignment
from treatment.plans.models import TreatmentPlan
from treatment.thread.models import GoalLink, NoteWithoutGoal

pytestmark = pytest.mark.django_db
Api = Callable[[User], APIClient]


def signed_note(patient: User, therapist: User, days_ago: int) -> SessionNote:
    """A signed note on a session some days ago."""
    at = timezone.now() - timedelta(days=days_ago)
    session = TherapySession.objects.create(
        patient=patient, therapist=therapist, clinic=patient.clinic, session_date=at, status="processed"
    )
    note: SessionNote = SessionNote.objects.create(
        session=session,
        patient=patient,
        clinic=patient.clinic,
        author=therapist,
        template_version=NoteTemplate.objects.get(key="soap").versions.latest("number"),
        content={},
        saved_at=at,
        status="signed",
        signed_at=at,
        content_hash="0" * 64,
    )
    return note


def link(note: SessionNote, goal: Goal) -> None:
    GoalLink.objects.create(note=note, goal=goal, patient=note.patient)


def aged(goal: Goal, days: int = 50) -> Goal:
    """Set some days ago."""
    Goal.objects.filter(pk=goal.pk).update(created_at=timezone.now() - timedelta(days=days))
    return goal


def gaps(api: APIClient, plan: TreatmentPlan) -> list[tuple[str, str]]:
    return [(gap["kind"], gap["id"]) for gap in api.get(f"/api/v1/plans/{plan.pk}/gaps").json()["gaps"]]


def test_a_goal_without_a_note_for_thirty_days_is_missed(api_for: Api, therapist: User, plan: TreatmentPlan) -> None:
    goal, api = aged(make_goal(plan)), api_for(therapist)
    assert gaps(api, plan) == [("goal", str(goal.pk))]
    link(signed_note(plan.patient, therapist, 31), goal)
    assert gaps(api, plan) == [("goal", str(goal.pk))]
    link(signed_note(plan.patient, therapist, 29), goal)
    assert gaps(api, plan) == []


def test_a_new_goal_is_given_thirty_days(api_for: Api, therapist: User, plan: TreatmentPlan) -> None:
    aged(make_goal(plan), 29)
    assert gaps(api_for(therapist), plan) == []


def test_a_note_serves_the_goals_above_and_a_whole_branch_is_missed_once(
    api_for: Api, therapist: User, plan: TreatmentPlan
) -> None:
    top, api = aged(make_goal(plan)), api_for(therapist)
    middle = aged(make_goal(plan, top))
    low, other = (aged(make_goal(plan, middle)) for _ in range(2))
    assert gaps(api, plan) == [("goal", str(top.pk))]
    link(signed_note(plan.patient, therapist, 3), low)
    assert gaps(api, plan) == [("goal", str(other.pk))]


def test_a_signed_note_without_a_goal_is_missed_until_it_says_why(
    api_for: Api, therapist: User, plan: TreatmentPlan
) -> None:
    api, note = api_for(therapist), signed_note(plan.patient, therapist, 3)
    signed_note(plan.patient, therapist, 90)  # before the plan began
    assert gaps(api, plan) == [("note", str(note.pk))]
    NoteWithoutGoal.objects.create(note=note, patient=plan.patient, reason="A crisis.")
    assert gaps(api, plan) == []


def test_what_is_overdue_is_missed_the_day_after(api_for: Api, therapist: User, patient: User) -> None:
    today = patient.clinic.today
    plan = make_plan(patient, therapist, next_review_date=today)
    due = MeasureAssignment.objects.create(patient=patient, instrument="phq9", instrument_version=1, due_date=today)
    api = api_for(therapist)
    assert gaps(api, plan) == []
    yesterday = today - timedelta(days=1)
    TreatmentPlan.objects.filter(pk=plan.pk).update(next_review_date=yesterday)
    MeasureAssignment.objects.filter(pk=due.pk).update(due_date=yesterday)
    assert sorted(gaps(api, plan)) == [("measure", str(due.pk)), ("review", str(plan.pk))]


def test_nothing_is_missing_in_a_plan_that_is_not_active(api_for: Api, therapist: User, patient: User) -> None:
    plan = make_plan(patient, therapist, status="draft", next_review_date=None)
    aged(make_goal(plan))
    assert gaps(api_for(therapist), plan) == []


def test_today_shows_each_patient_who_is_treated_once(
    client_for: Callable[[User], Client], therapist: User, plan: TreatmentPlan, other_therapist: User
) -> None:
    first, _ = aged(make_goal(plan)), aged(make_goal(plan, wording="Sleep at night"))
    browser = client_for(therapist)
    assert 'hx-get="/treatment-gaps"' in browser.get("/today").content.decode()
    card = browser.get("/treatment-gaps", headers={"HX-Request": "true"}).content.decode()
    assert card.count(plan.patient.full_name) == 1
    assert f'href="/goals/{first.pk}"' in card
    assert "Nothing needs attention" in client_for(other_therapist).get("/treatment-gaps").content.decode()


def test_an_overdue_review_stands_on_today_once(
    client_for: Callable[[User], Client], therapist: User, plan: TreatmentPlan
) -> None:
    yesterday = plan.patient.clinic.today - timedelta(days=1)
    TreatmentPlan.objects.filter(pk=plan.pk).update(next_review_date=yesterday)
    browser = client_for(therapist)
    assert "Plan review overdue" in browser.get("/today").text
    card = browser.get("/treatment-gaps", headers={"HX-Request": "true"}).text
    assert "Plan overdue for review" not in card
    assert "Nothing else needs attention" in card
    assert "Plan overdue for review" in browser.get("/treatment-gaps").text


def test_gaps_of_many_patients_need_no_more_queries_than_of_one(
    api_for: Api, therapist: User, plan: TreatmentPlan
) -> None:
    def break_all(patient: User, made: TreatmentPlan) -> None:
        aged(make_goal(made))
        signed_note(patient, therapist, 3)
        overdue = {"instrument": "phq9", "instrument_version": 1, "due_date": "2026-01-01"}
        MeasureAssignment.objects.create(patient=patient, **overdue)

    api = api_for(therapist)
    break_all(plan.patient, plan)
    api.get("/api/v1/treatment-gaps")
    with CaptureQueriesContext(connection) as one:
        api.get("/api/v1/treatment-gaps")
    for _ in range(4):
        person = PatientFactory(clinic=therapist.clinic)
        CareFactory(therapist=therapist, patient=person)
        break_all(person, make_plan(person, therapist))
    with CaptureQueriesContext(connection) as many:
        answer: Any = api.get("/api/v1/treatment-gaps").json()
    assert len(answer["gaps"]) == 15
    assert len(many) == len(one)
