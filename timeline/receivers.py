"""Receivers that keep session events up to date; `timeline.tasks.reconcile` repairs missed signals."""

from typing import Any
from uuid import UUID

from django.dispatch import receiver

from sessions_app.models import TherapySession
from sessions_app.signals import session_processed, sessions_renumbered, summary_approved
from timeline.services.session_events import reconcile_sessions, refresh_session_event


@receiver(session_processed, dispatch_uid="timeline.session_processed")
def add_session_event(sender: object, session: TherapySession, **kwargs: Any) -> None:
    """Put "Session #n" on the timeline."""
    refresh_session_event(session.pk, session.patient_id)


@receiver(summary_approved, dispatch_uid="timeline.summary_approved")
def show_approved_summary(sender: object, session: TherapySession, **kwargs: Any) -> None:
    """Show the approved summary instead of "Session completed"."""
    refresh_session_event(session.pk, session.patient_id)


@receiver(sessions_renumbered, dispatch_uid="timeline.sessions_renumbered")
def retitle_session_events(sender: object, patient_id: UUID, **kwargs: Any) -> None:
    """Update titles after sessions were renumbered; withdraw events of sessions without a number."""
    reconcile_sessions(patient_id)
