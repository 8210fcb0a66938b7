"""Filing a signed note away, and taking it out again. Nothing that was signed changes, nor who may read it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.utils import timezone

from accounts.care.access import RecordAccess
from sessions_app.audit_actions import NOTE_ARCHIVED, NOTE_UNARCHIVED
from sessions_app.models import ArchiveStep, SessionNote
from sessions_app.notes.services.signing import MAX_REASON, require_revision
from therapybridge.core.errors import Conflict
from therapybridge.core.text import written

Status = SessionNote.Status
Move = ArchiveStep.Move
CHANGED = ["status", "archived_at"]


def archive_note(note: SessionNote, base: int, reason: str, *, access: RecordAccess) -> SessionNote:
    """File a signed note away, out of the lists; Conflict for one that is not signed, or archived already."""
    with _held(note, base, reason, access) as held:
        if not held.is_locked:
            raise Conflict("Only a signed note can be archived.", code="not_signed")
        if held.is_archived:
            raise Conflict("This note is archived already.", code="already_archived")
        now = timezone.now()
        held.move_to(Status.ARCHIVED, action=NOTE_ARCHIVED, by=access, changed=CHANGED, archived_at=now)
        _add_step(held, Move.ARCHIVED, reason, now, access)
    return held


def unarchive_note(note: SessionNote, base: int, reason: str, *, access: RecordAccess) -> SessionNote:
    """Take a note out of the archive: amended if it has an addendum, else signed; Conflict if it is not archived."""
    with _held(note, base, reason, access) as held:
        if not held.is_archived:
            raise Conflict("This note is not archived.", code="not_archived")
        status = Status.AMENDED if held.addenda.exists() else Status.SIGNED
        held.move_to(status, action=NOTE_UNARCHIVED, by=access, changed=CHANGED, archived_at=None)
        _add_step(held, Move.UNARCHIVED, reason, timezone.now(), access)
    return held


def archived_by(note: SessionNote) -> ArchiveStep | None:
    """The step by which the note was filed away; None for one that is not archived."""
    return note.archive_steps.first() if note.is_archived else None


@contextmanager
def _held(note: SessionNote, base: int, reason: str, access: RecordAccess) -> Iterator[SessionNote]:
    """The note as it stands, locked, at the revision that was read; InvalidInput without a reason."""
    access.require_write(note.patient_id)
    written("reason", reason, MAX_REASON)
    with note.session.locked():
        held = SessionNote.objects.select_related("session", "template_version__template").get(pk=note.pk)
        require_revision(held, base)
        yield held


def _add_step(note: SessionNote, move: str, reason: str, at: datetime, access: RecordAccess) -> None:
    ArchiveStep.objects.create(
        note=note,
        move=move,
        reason=written("reason", reason, MAX_REASON),
        moved_by=access.user,
        moved_by_name=access.user.full_name,
        moved_at=at,
    )
