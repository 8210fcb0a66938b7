"""What sessions do to the timeline. A lost call is made up for by `timeline.tasks.reconcile`."""

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
    """Replace "Session completed" by what the patient may read now."""
    refresh_session_event(session.pk, session.patient_id)


@receiver(sessions_renumbered, dispatch_uid="timeline.sessions_renumbered")
def retitle_session_events(sender: object, patient_id: UUID, **kwargs: Any) -> None:
    """Follow new numbers; events of sessions that lost theirs go."""
    reconcile_sessions(patient_id)
