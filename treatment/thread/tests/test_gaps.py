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
from treatment.thread.choices import GapKind
from treatment.thread.models import GoalLink, NoteWithoutGoal
from treatment.thread.services.gaps import gaps_of
from treatment.thread.services.lacking import patients_with_gaps

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


def serve(plan: TreatmentPlan, therapist: User, days_ago: int, levels: int = 0) -> None:
    """A note for the goal that is so many levels below one of the plan, all of them old."""
    goal = aged(make_goal(plan))
    for _ in range(levels):
        goal = aged(make_goal(plan, goal))
    link(signed_note(plan.patient, therapist, days_ago), goal)


def review_yesterday(plan: TreatmentPlan, therapist: User) -> None:
    TreatmentPlan.objects.filter(pk=plan.pk).update(next_review_date=plan.patient.clinic.today - timedelta(days=1))


def ask(plan: TreatmentPlan, days: int) -> None:
    due = plan.patient.clinic.today + timedelta(days=days)
    MeasureAssignment.objects.create(patient=plan.patient, instrument="phq9", instrument_version=1, due_date=due)


def begin_late(plan: TreatmentPlan, therapist: User) -> None:
    aged(make_goal(plan))
    TreatmentPlan.objects.filter(pk=plan.pk).update(start_date=plan.patient.clinic.today - timedelta(days=30))


def end(plan: TreatmentPlan, therapist: User) -> None:
    aged(make_goal(plan))
    plan.status, plan.reason, plan.next_review_date = "on_hold", "Away.", None
    plan.save()


def say_why(plan: TreatmentPlan, therapist: User) -> None:
    note = signed_note(plan.patient, therapist, 3)
    NoteWithoutGoal.objects.create(note=note, patient=plan.patient, reason="A crisis.")


MENDED: list[Callable[[TreatmentPlan, User], object]] = [
    lambda plan, therapist: None,
    lambda plan, therapist: serve(plan, therapist, 30),
    lambda plan, therapist: serve(plan, therapist, 3, levels=1),
    lambda plan, therapist: serve(plan, therapist, 3, levels=2),
    lambda plan, therapist: aged(make_goal(plan), 30),
    lambda plan, therapist: signed_note(plan.patient, therapist, 300),
    lambda plan, therapist: ask(plan, 0),
    begin_late,
    end,
    say_why,
]
BREAKS = [
    *MENDED,
    lambda plan, therapist: serve(plan, therapist, 31),
    lambda plan, therapist: serve(plan, therapist, 31, levels=2),
    lambda plan, therapist: aged(make_goal(plan), 31),
    lambda plan, therapist: signed_note(plan.patient, therapist, 3),
    lambda plan, therapist: ask(plan, -1),
    review_yesterday,
]


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
    assert len(answer["results"]) == 15
    assert len(many) == len(one)


def test_gaps_go_from_patient_to_patient_by_name(
    api_for: Api, client_for: Callable[[User], Client], therapist: User
) -> None:
    """Some on each page; nobody is there for whom nothing is missing."""
    names = [f"Patient {at:02}" for at in range(12)]
    for name in reversed(names):
        person = PatientFactory(clinic=therapist.clinic, last_name=name)
        CareFactory(therapist=therapist, patient=person)
        goal = make_goal(make_plan(person, therapist))
        if name != "Patient 05":
            aged(goal)
    browser = client_for(therapist)
    first = browser.get("/treatment-gaps")
    second = browser.get(first.context["page"].next_url)
    shown = [name for page in (first, second) for name in names if name in page.text]
    assert shown == [name for name in names if name != "Patient 05"]
    card = browser.get("/treatment-gaps", headers={"HX-Request": "true"}).text
    assert "All patients" in card
    assert names[-1] not in card
    api = api_for(therapist)
    answer: Any = api.get("/api/v1/treatment-gaps?limit=10").json()
    rest: Any = api.get("/api/v1/treatment-gaps", {"limit": 10, "cursor": answer["next_cursor"]}).json()
    assert (len(answer["results"]), len(rest["results"]), rest["next_cursor"]) == (10, 1, None)


def test_those_who_lack_something_are_those_with_gaps(therapist: User) -> None:
    """What the database is asked for says the same as what is told."""
    for at, break_one in enumerate(BREAKS):
        person = PatientFactory(clinic=therapist.clinic, last_name=f"Patient {at:02}")
        CareFactory(therapist=therapist, patient=person)
        break_one(make_plan(person, therapist), therapist)
    people = list(User.objects.patients_treated_by(therapist))
    missed = {gap.patient.pk for gap in gaps_of(people)}
    assert {person.pk for person in patients_with_gaps(therapist)} == missed
    assert len(missed) == len(BREAKS) - len(MENDED)
    apart_from_reviews = {gap.patient.pk for gap in gaps_of(people) if gap.kind != GapKind.REVIEW}
    assert {person.pk for person in patients_with_gaps(therapist, with_reviews=False)} == apart_from_reviews
