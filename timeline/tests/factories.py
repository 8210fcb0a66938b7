"""Events and processed sessions for tests."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from sessions_app.models import ActionItem, Extraction, PatientSummary, TherapySession
from sessions_app.pipeline.drafting.schema import empty_notes
from timeline.models import TimelineEvent
from timeline.services.event_rows import add_event

START = datetime(2026, 1, 5, 10, tzinfo=UTC)
_serial = count(1)


def make_event(patient: User, **fields: Any) -> TimelineEvent:
    """An event with its total, like the services write it."""
    number = next(_serial)
    given = {
        "patient": patient,
        "event_type": "note",
        "event_date": START + timedelta(hours=number),
        "title": f"Entry {number}",
    }
    with transaction.atomic():
        return add_event(**given | fields)


def make_events(patient: User, number: int, **fields: Any) -> list[TimelineEvent]:
    return [make_event(patient, **fields) for _ in range(number)]


def make_session(patient: User, therapist: User, *, day: int = 0, status: str = "processed") -> TherapySession:
    """A numbered session `day` days after START; no signal is sent for it."""
    session = TherapySession.objects.create(
        patient=patient,
        therapist=therapist,
        clinic=patient.clinic,
        session_date=START + timedelta(days=day),
        status=status,
        duration_seconds=3000.0,
    )
    with transaction.atomic():
        TherapySession.objects.renumber(patient.pk)
    session.refresh_from_db()
    return session


def draft_notes(session: TherapySession, *, topic: str, task: str, version: int = 1) -> Extraction:
    notes = empty_notes().model_dump(mode="json")
    evidence = {"segments": [0], "quote": "so"}
    notes["key_topics"] = [{"topic": topic, "evidence": evidence}]
    notes["session_mood"] = {"value": "low", "score": 3.0, "evidence": evidence}
    notes["action_items"] = [{"task": task, "category": "homework", "details": "", "evidence": evidence}]
    return Extraction.objects.create(session=session, version=version, engine="test", input_hash="0" * 64, notes=notes)


def agree(session: TherapySession, task: str, **fields: Any) -> ActionItem:
    """An action item of the session, which its patient is told of if it is there when the summary is shared."""
    told = {"is_for_patient": True, "statement": f"action_items-{next(_serial)}"}
    item: ActionItem = ActionItem.objects.create(session=session, patient=session.patient, task=task, **told | fields)
    return item


def draft_summary(session: TherapySession, text: str) -> PatientSummary:
    return PatientSummary.objects.create(session=session, text=text)


def approve(summary: PatientSummary) -> None:
    """Like the service, without its signal; with all action items that are there."""
    summary.status, summary.approved_at = "shared", timezone.now()
    summary.save()
    ActionItem.objects.filter(session=summary.session_id).update(told_at=summary.approved_at)
