"""Deleting the draft of a note, restoring it within thirty days, and erasing it afterwards."""

from functools import partial

from django.utils import timezone

from accounts.care.access import RecordAccess
from audit.log import record
from sessions_app.audit_actions import NOTE_DELETED, NOTE_PURGED, NOTE_RESTORED
from sessions_app.models import SessionNote, TherapySession
from sessions_app.notes.querysets import RESTORABLE
from sessions_app.notes.services.signing import MAX_REASON
from sessions_app.notes.services.writing import writable_note
from therapybridge.core.actor import Actor
from therapybridge.core.batches import each_alone
from therapybridge.core.errors import Conflict, Forbidden
from therapybridge.core.text import written

PURGED_A_RUN = 500


def delete_note(note: SessionNote, reason: str, *, access: RecordAccess) -> None:
    """Delete a note that is not signed, with a reason; it can be restored for thirty days."""
    why = written("reason", reason, MAX_REASON)
    with writable_note(note, access) as held:
        held.deleted_at, held.deletion_reason = timezone.now(), why
        held.save()
        record(NOTE_DELETED, held, by=access)


def restore_note(note: SessionNote, *, access: RecordAccess) -> SessionNote:
    """Restore a deleted note; Conflict after thirty days, or if the session has got another one."""
    access.require_write(note.patient_id)
    with note.session.locked():
        held = SessionNote.objects.get(pk=note.pk)
        if held.author_id != access.user.pk:
            raise Forbidden("Only the author can restore this note.", code="not_author")
        if held.deleted_at is None or held.deleted_at < timezone.now() - RESTORABLE:
            raise Conflict("This note can no longer be restored.", code="not_restorable")
        if SessionNote.objects.filter(session=held.session_id, deleted_at=None).exists():
            raise Conflict("The session has got another note in the meantime.", code="has_note")
        held.deleted_at, held.deletion_reason = None, None
        held.save()
        record(NOTE_RESTORED, held, by=access)
    return held


def purge_notes(*, by: Actor) -> int:
    """Erase drafts that were deleted thirty days ago or earlier, with their versions; returns how many."""
    rows = SessionNote.objects.expired().order_by("deleted_at").only("session_id")
    return each_alone(list(rows[:PURGED_A_RUN]), partial(_purge, by=by), event="note_not_purged")


def _purge(note: SessionNote, *, by: Actor) -> bool:
    with TherapySession(pk=note.session_id).locked():
        held = SessionNote.objects.expired().filter(pk=note.pk).first()
        if held is None:
            return False
        record(NOTE_PURGED, held, by=by)
        held.delete()
    return True
