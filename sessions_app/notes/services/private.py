"""Writing, deleting and restoring private notes. Each service finds the note among those of its author alone.

What was deleted thirty days ago is erased by the scheduler."""

from functools import partial

from django.db import transaction
from django.utils import timezone

from accounts.care.access import RecordAccess
from audit.log import record
from sessions_app.audit_actions import (
    PRIVATE_NOTE_CREATED,
    PRIVATE_NOTE_DELETED,
    PRIVATE_NOTE_PURGED,
    PRIVATE_NOTE_RESTORED,
    PRIVATE_NOTE_SAVED,
)
from sessions_app.models import PrivateNote, TherapySession
from sessions_app.notes.querysets import PrivateNoteQuerySet
from therapybridge.core.actor import Actor
from therapybridge.core.batches import each_alone
from therapybridge.core.errors import Conflict, InvalidInput, NotFound
from therapybridge.core.text import written

MAX_PRIVATE = 20_000  # characters
PURGED_A_RUN = 500


class PrivateNoteConflict(Conflict):
    """Another tab has saved since; `note` holds what stands now. What was refused is still with its writer."""

    code = "edit_conflict"

    def __init__(self, note: PrivateNote) -> None:
        self.note = note
        self.extensions = {"conflict": {"text": note.text, "revision": note.revision}}
        super().__init__("This note was changed in another tab.")


def create_private_note(access: RecordAccess, text: str, session: TherapySession | None = None) -> PrivateNote:
    """Write a note on the patient, on one of their sessions if it is about one."""
    access.require_write(access.patient.pk)
    if session is not None and session.patient_id != access.patient.pk:
        raise InvalidInput(errors={"session": ["Choose a session of this patient."]})
    with transaction.atomic():
        note = PrivateNote.objects.create(
            patient=access.patient, author=access.user, session=session, text=written("text", text, MAX_PRIVATE)
        )
        record(PRIVATE_NOTE_CREATED, note, by=access)
    return note


def save_private_note(note: PrivateNote, text: str, revision: int, *, access: RecordAccess) -> PrivateNote:
    """Save what was written on top of `revision`; PrivateNoteConflict if another tab has saved another text since."""
    saved = written("text", text, MAX_PRIVATE)
    with note.locked():
        held = _one_of(PrivateNote.objects.visible_to(access.user), note)
        if held.text == saved:
            return held
        if held.revision != revision:
            raise PrivateNoteConflict(held)
        held.text, held.revision = saved, held.revision + 1
        held.save()
        record(PRIVATE_NOTE_SAVED, held, by=access, changed=["text"])
    return held


def delete_private_note(note: PrivateNote, *, access: RecordAccess) -> None:
    """Delete a note; its author can restore it for thirty days."""
    with note.locked():
        held = _one_of(PrivateNote.objects.visible_to(access.user), note)
        held.deleted_at = timezone.now()
        held.save()
        record(PRIVATE_NOTE_DELETED, held, by=access)


def restore_private_note(note: PrivateNote, *, access: RecordAccess) -> PrivateNote:
    """Restore a note that was deleted less than thirty days ago; NotFound for any other."""
    with note.locked():
        held = _one_of(PrivateNote.objects.restorable(access.user), note)
        held.deleted_at = None
        held.save()
        record(PRIVATE_NOTE_RESTORED, held, by=access)
    return held


def purge_private_notes(*, by: Actor) -> int:
    """Erase private notes that were deleted thirty days ago or earlier; returns how many."""
    rows = PrivateNote.objects.expired().order_by("deleted_at").defer("text")
    return each_alone(list(rows[:PURGED_A_RUN]), partial(_purge, by=by), event="private_note_not_purged")


def _purge(note: PrivateNote, *, by: Actor) -> bool:
    with note.locked():
        held = PrivateNote.objects.expired().filter(pk=note.pk).defer("text").first()
        if held is None:
            return False
        record(PRIVATE_NOTE_PURGED, held, by=by)
        held.delete()
    return True


def _one_of(notes: PrivateNoteQuerySet, note: PrivateNote) -> PrivateNote:
    held: PrivateNote | None = notes.filter(pk=note.pk).first()
    if held is None:
        raise NotFound("This note does not exist.")
    return held
