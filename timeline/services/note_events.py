"""Notes on the timeline: completed, signed and amended, each once.

Patients see the last two of a note that they can read; of a note that is withheld, none.
"""

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value

from sessions_app.models import NoteWithholding, SessionNote
from therapybridge.core.batches import each_alone
from timeline.models import NOTE, TimelineEvent
from timeline.services.derived_events import DerivedEvent, Lost, record_event

TITLES = {"completed": "Note completed", "signed": "Note signed", "amended": "Note amended"}
COMPLETED = Q(completed_at__isnull=False)
SIGNED = Q(signed_at__isnull=False)
AMENDED = Q(addenda__isnull=False)


def refresh_note_events(note_id: UUID) -> None:
    """Record what has happened to a note; what is recorded already changes only in who sees it."""
    note = SessionNote.objects.select_related("template_version__template").filter(pk=note_id, deleted_at=None).first()
    if note is None:
        return
    with note.patient.locked():
        is_withheld = NoteWithholding.objects.live().filter(note=note).exists()
        for subtype, at in _moments(note).items():
            record_event(_event(note, subtype, at, is_private=is_withheld or subtype == "completed"))


def _moments(note: SessionNote) -> dict[str, datetime]:
    """When each thing happened; of several addenda the first counts."""
    first = note.addenda.first()
    moments = {
        "completed": note.completed_at,
        "signed": note.signed_at,
        "amended": first.signed_at if first else None,
    }
    return {subtype: at for subtype, at in moments.items() if at}


def _event(note: SessionNote, subtype: str, at: datetime, *, is_private: bool) -> DerivedEvent:
    importance = TimelineEvent.Importance
    return DerivedEvent(
        patient_id=note.patient_id,
        therapist_id=note.author_id,
        event_date=at,
        title=TITLES[subtype],
        metadata={"session_id": str(note.session_id), "template": note.template_version.template.name},
        related_entity_type=NOTE,
        related_entity_id=note.pk,
        event_type=NOTE,
        event_subtype=subtype,
        importance=importance.LOW if subtype == "completed" else importance.NORMAL,
        is_private=is_private,
    )


def reconcile_notes() -> int:
    """Record the events whose signals were lost in a crash; returns how many notes needed it.

    RowsFailed, once all others were recorded, if it failed for some.
    """
    due = list(_unrecorded().values_list("pk", "patient_id"))
    return each_alone((Lost(*row) for row in due), _refresh, event="note_events_not_repaired")


def _refresh(note: Lost) -> bool:
    refresh_note_events(note.pk)
    return True


def _unrecorded() -> QuerySet[SessionNote]:
    """Notes to which something happened that has no event, or one that the wrong people see."""
    events = TimelineEvent.objects.filter(related_entity_type=NOTE, related_entity_id=OuterRef("pk"), event_type=NOTE)

    def lacks(subtype: str, is_private: Value | OuterRef) -> Q:
        return Q(~Exists(events.filter(event_subtype=subtype, is_private=is_private)))

    withheld = OuterRef("is_withheld")
    missing = COMPLETED & lacks("completed", Value(value=True))
    missing |= (SIGNED & lacks("signed", withheld)) | (AMENDED & lacks("amended", withheld))
    live = NoteWithholding.objects.live().filter(note=OuterRef("pk"))
    notes = SessionNote.objects.alias(is_withheld=Exists(live))
    rows: QuerySet[SessionNote] = notes.filter(missing, deleted_at=None)
    return rows.order_by(F("pk")).distinct()
