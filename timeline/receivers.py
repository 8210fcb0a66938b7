"""Receivers that keep events of sessions and notes up to date; `timeline.tasks.reconcile` repairs missed signals."""

from typing import Any
from uuid import UUID

from django.dispatch import receiver

from sessions_app.models import SessionNote, TherapySession
from sessions_app.signals import (
    note_amended,
    note_completed,
    note_release_changed,
    note_signed,
    session_processed,
    sessions_renumbered,
)
from timeline.services.note_events import refresh_note_events
from timeline.services.session_events import reconcile_sessions, refresh_session_event


@receiver(session_processed, dispatch_uid="timeline.session_processed")
def add_session_event(sender: object, session: TherapySession, **kwargs: Any) -> None:
    """Put "Session #n" on the timeline."""
    refresh_session_event(session.pk, session.patient_id)


@receiver(sessions_renumbered, dispatch_uid="timeline.sessions_renumbered")
def retitle_session_events(sender: object, patient_id: UUID, **kwargs: Any) -> None:
    """Update titles after sessions were renumbered; withdraw events of sessions without a number."""
    reconcile_sessions(patient_id)


@receiver([note_completed, note_signed, note_amended, note_release_changed], dispatch_uid="timeline.note_changed")
def add_note_events(sender: object, note: SessionNote, **kwargs: Any) -> None:
    """Put what happened to the note on the timeline, for its patient too unless it is withheld."""
    refresh_note_events(note.pk)
