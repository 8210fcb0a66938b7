"""The timeline of a record that came in: its own events are counted, derived ones follow from their rows, once."""

from django.db.models import Count

from accounts.models import User
from sessions_app.models import SessionNote, TherapySession
from timeline.models import GOAL, MEASURE, MILESTONE, PLAN, REVIEW, TimelineCount, TimelineEvent
from timeline.services.note_events import refresh_note_events
from timeline.services.session_events import refresh_session_event
from timeline.services.treatment_events import refresh_treatment_events
from treatment.models import Goal, MeasureResult, PlanMilestone, PlanReview, TreatmentPlan

SOURCES = (
    (PLAN, TreatmentPlan, "patient"),
    (REVIEW, PlanReview, "plan__patient"),
    (GOAL, Goal, "patient"),
    (MILESTONE, PlanMilestone, "patient"),
    (MEASURE, MeasureResult, "patient"),
)


def restore_events(patient: User) -> None:
    """Bring back the derived events whose rows say so, in the caller's transaction, and drop the others."""
    _count(patient)
    for session in TherapySession.objects.filter(patient=patient).order_by("session_date", "id"):
        refresh_session_event(session.pk, patient.pk)
    for note in SessionNote.objects.filter(patient=patient).order_by("id"):
        refresh_note_events(note.pk)
    for source, model, path in SOURCES:
        rows = model._base_manager.filter(**{path: patient}).order_by("pk")
        refresh_treatment_events(source, patient.pk, rows.values_list("pk", flat=True))
    TimelineEvent.objects.filter(patient=patient).exclude(deleted_at=None).delete()


def _count(patient: User) -> None:
    live = TimelineEvent.objects.live().filter(patient=patient).order_by()
    for kind, is_private, count in live.values_list("event_type", "is_private").annotate(count=Count("pk")):
        TimelineCount.objects.add(patient.pk, kind, is_private, count)
