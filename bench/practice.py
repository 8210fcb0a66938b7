"""A large practice, written straight to the database: one therapist with 200 patients and 5,000 sessions."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.consent.choices import RECORDING_CONSENTS
from accounts.models import ConsentEntry, PatientProfile, TherapistPatient, User
from accounts.tests.factories import ClinicFactory, TherapistFactory
from sessions_app.models import ActionItem, NoteTemplate, PatientSummary, RiskReview, SessionNote, TherapySession
from timeline.models import SESSION, TimelineCount, TimelineEvent
from treatment.models import Goal, TreatmentPlan

PATIENTS, SESSIONS_EACH = 200, 25
TO_REVIEW, TO_SIGN, FAILED, EMPTY, AT_RISK = 60, 40, 10, 10, 30  # sessions that wait for something
AT_ONCE = 1_000  # rows: PostgreSQL takes 65,535 parameters
PATIENT = "patient@demo.example"
PASSWORD = "correct horse battery"


def build() -> str:
    """Write it; returns the ids of a patient with a login, as JSON, with those of rows whose pages are measured."""
    clinic = ClinicFactory()
    therapist = TherapistFactory(clinic=clinic, email="therapist@demo.example", password=PASSWORD)
    patients = _patients(therapist)
    sessions = [session for patient in patients for session in _sessions(patient, therapist)]
    TherapySession.objects.bulk_create(sessions, AT_ONCE)
    PatientSummary.objects.bulk_create(_summaries(sessions), AT_ONCE)
    SessionNote.objects.bulk_create(_notes(sessions), AT_ONCE)
    ActionItem.objects.bulk_create(
        ActionItem(session=session, patient=session.patient, statement="action_items-1", task="Keep a diary of sleep.")
        for session in sessions[::5]
    )
    TimelineEvent.objects.bulk_create(_events(sessions), AT_ONCE)
    TimelineCount.objects.bulk_create(
        TimelineCount(patient=patient, event_type="session", is_private=False, count=SESSIONS_EACH)
        for patient in patients
    )
    for session in sessions[-AT_RISK:]:
        RiskReview(
            session=session, patient=session.patient, clinic=clinic, owner=therapist, seen=[], due_at=timezone.now()
        ).save()
    plans = _plans(patients)
    shown = next(session for session in sessions if session.patient == patients[0])
    return json.dumps([str(patients[0].pk), str(shown.pk), str(plans[0].pk)])


def _patients(therapist: User) -> list[User]:
    """The first one has a login."""
    clinic = therapist.clinic
    people = [
        User(first_name=f"Robin {at % 14}", last_name=f"Person {at:03}", role="patient", clinic=clinic)
        for at in range(PATIENTS)
    ]
    people[0].email, people[0].is_verified = PATIENT, True
    people[0].set_password(PASSWORD)
    User.objects.bulk_create(people)
    PatientProfile.objects.bulk_create(PatientProfile(patient=person) for person in people)
    TherapistPatient.objects.bulk_create(TherapistPatient(therapist=therapist, patient=person) for person in people)
    ConsentEntry.objects.bulk_create(
        ConsentEntry(patient=person, consent_type=name, status="granted", method="verbal")
        for person in people
        for name in RECORDING_CONSENTS
    )
    return people


def _sessions(patient: User, therapist: User) -> Iterator[TherapySession]:
    now = timezone.now()
    for number in range(1, SESSIONS_EACH + 1):
        held_at = now - timedelta(days=7 * (SESSIONS_EACH - number), hours=1 + int(str(patient.last_name)[-2:]) % 9)
        yield TherapySession(
            patient=patient,
            therapist=therapist,
            clinic=patient.clinic,
            session_date=held_at,
            number=number,
            status="processed",
            processed_at=held_at,
            duration_seconds=3000.0,
        )


def _summaries(sessions: list[TherapySession]) -> Iterator[PatientSummary]:
    for at, session in enumerate(sessions):
        shared: dict[str, Any] = {"status": "shared", "approved_at": session.processed_at}
        yield PatientSummary(session=session, text="We spoke about sleep.", **({} if at < TO_REVIEW else shared))


def _notes(sessions: list[TherapySession]) -> Iterator[SessionNote]:
    version = NoteTemplate.objects.get(key="soap").versions.latest("number")
    for at, session in enumerate(sessions):
        signed: dict[str, Any] = {"status": "signed", "signed_at": session.processed_at, "content_hash": "0" * 64}
        yield SessionNote(
            session=session,
            patient=session.patient,
            clinic=session.clinic,
            author=session.therapist,
            template_version=version,
            content={},
            saved_at=session.processed_at or timezone.now(),
            **({} if at < TO_SIGN else signed),
        )


def _events(sessions: list[TherapySession]) -> Iterator[TimelineEvent]:
    for session in sessions:
        yield TimelineEvent(
            patient=session.patient,
            therapist=session.therapist,
            event_type="session",
            event_date=session.session_date,
            title=session.title,
            related_entity_type=SESSION,
            related_entity_id=session.pk,
        )


def _plans(patients: list[User]) -> list[TreatmentPlan]:
    """One of each patient, with three goals."""
    today = patients[0].clinic_day
    plans = [
        TreatmentPlan(
            patient=patient,
            clinic=patient.clinic,
            title="Sleep and panic",
            start_date=today - timedelta(days=100),
            next_review_date=today + timedelta(days=at % 60 - 5),
            status="active",
            version=1,
        )
        for at, patient in enumerate(patients)
    ]
    TreatmentPlan.objects.bulk_create(plans)
    Goal.objects.bulk_create(
        Goal(plan=plan, patient=plan.patient, position=at, term="short_term", wording=f"Goal number {at}")
        for plan in plans
        for at in range(3)
    )
    return plans
