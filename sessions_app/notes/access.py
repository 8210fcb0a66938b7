"""Access checks for notes and templates named in a URL."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from accounts.care.access import RecordAccess, access_to, writable
from audit.audit_actions import Action
from audit.log import deny
from sessions_app.models import AmendmentRequest, NoteTemplate, PatientSummary, PrivateNote, SessionNote, TextSnippet
from sessions_app.notes.querysets import AmendmentQuerySet, NoteQuerySet, PrivateNoteQuerySet
from therapybridge.core.actor import Actor
from therapybridge.core.errors import Forbidden, NotFound
from therapybridge.core.queries import only_one

SHOWN = ("clinic", "session", "author", "template_version__template")
PARTS = ("patient__clinic", "clinic", "author", "session__job", "session__therapist", "template_version__template")


def open_note(by: Actor, pk: UUID, action: Action) -> tuple[SessionNote, RecordAccess]:
    """Open a note with its session and template; NotFound, audited as denied, without access."""
    return _opened(by, SessionNote.objects.visible_to(by.user), pk, action)


def open_note_to_write(by: Actor, pk: UUID, action: Action) -> tuple[SessionNote, RecordAccess]:
    """Open a note for a therapist who treats the patient; Forbidden, audited, for those who may only read it."""
    note, access = open_note(by, pk, action)
    return note, writable(access, action)


def open_removed_note(by: Actor, pk: UUID, action: Action) -> tuple[SessionNote, RecordAccess]:
    """Open a deleted note for its author, to restore it; NotFound, audited, for anyone else."""
    note, access = _opened(by, SessionNote.objects.removed(by.user), pk, action)
    return note, writable(access, action)


@contextmanager
def audited_refusals(action: Action, note: SessionNote, access: RecordAccess) -> Iterator[None]:
    """Audit what a service forbids: its own transaction is rolled back by then, and the row with it."""
    try:
        yield
    except Forbidden as error:
        deny(action, error.code, by=access, target=note)
        raise


def _opened(by: Actor, notes: NoteQuerySet, pk: UUID, action: Action) -> tuple[SessionNote, RecordAccess]:
    note: Any = only_one(notes.with_write_access(by.user).select_related(*PARTS), pk=pk)
    if note is None:
        deny(action, "not_found", by=by, target=SessionNote(pk=pk))
        raise NotFound("This note does not exist.")
    note.session.patient = note.patient
    return note, access_to(by, note.patient, may_write=note.is_writable)


def open_signed_note(access: RecordAccess, pk: UUID, action: Action) -> SessionNote:
    """A signed note on the patient whose record is open, with `withheld_as` and without its text; else NotFound."""
    rows = SessionNote.objects.signed_on(access.patient).select_related(*SHOWN).defer("content", "deletion_reason")
    note: SessionNote | None = only_one(rows, pk=pk)
    if note is None:
        deny(action, "not_found", by=access, target=SessionNote(pk=pk))
        raise NotFound("This note does not exist.")
    return note


def open_shared_summary(access: RecordAccess, pk: UUID, action: Action) -> PatientSummary:
    """A summary that was shared with the patient whose record is open, withdrawn or not; else NotFound."""
    summary: PatientSummary | None = only_one(
        PatientSummary.objects.ever_shared_with(access.patient).select_related("session"), pk=pk
    )
    if summary is None:
        deny(action, "not_found", by=access, target=PatientSummary(pk=pk))
        raise NotFound("This summary does not exist.")
    return summary


def own_amendment(by: Actor, pk: UUID, action: Action) -> tuple[AmendmentRequest, RecordAccess]:
    """A request for a correction that the patient made; NotFound, audited, for anyone else's."""
    asked = _amendment(by, AmendmentRequest.objects.filter(patient=by.user.pk), pk, action)
    return asked, access_to(by, asked.patient, may_write=False)


def handled_amendment(by: Actor, pk: UUID, action: Action) -> tuple[AmendmentRequest, RecordAccess]:
    """A request from a patient whom the therapist treats; NotFound or Forbidden, audited, for anyone else."""
    rows = AmendmentRequest.objects.visible_to(by.user).with_write_access(by.user)
    asked: Any = _amendment(by, rows, pk, action)
    return asked, writable(access_to(by, asked.patient, may_write=asked.is_writable), action)


def _amendment(by: Actor, rows: AmendmentQuerySet, pk: UUID, action: Action) -> AmendmentRequest:
    found = only_one(rows.select_related("patient__clinic", *(f"note__{part}" for part in PARTS)), pk=pk)
    asked: AmendmentRequest | None = found
    if asked is None:
        deny(action, "not_found", by=by, target=AmendmentRequest(pk=pk))
        raise NotFound("This request does not exist.")
    asked.note.session.patient = asked.note.patient = asked.patient
    return asked


def open_template(by: Actor, pk: UUID, action: Action) -> NoteTemplate:
    """Open a template that the therapist may use, with its usage; NotFound, audited as denied, for any other."""
    template: NoteTemplate | None = only_one(NoteTemplate.objects.visible_to(by.user).with_usage(by.user), pk=pk)
    if template is None:
        deny(action, "not_found", by=by, target=NoteTemplate(pk=pk))
        raise NotFound("This template does not exist.")
    return template


def open_own_template(by: Actor, pk: UUID, action: Action) -> NoteTemplate:
    """Open a template to change it; Forbidden, audited, unless the therapist made it."""
    template = open_template(by, pk, action)
    if not is_own(template, by):
        deny(action, "not_owner", by=by, target=template)
    require_own(template, by)
    return template


def is_own(template: NoteTemplate, by: Actor) -> bool:
    """Whether the therapist made the template."""
    return not template.is_system and template.owner_id == by.user.pk


def require_own(template: NoteTemplate, by: Actor) -> None:
    """Forbidden unless the therapist made the template."""
    if template.is_system:
        raise Forbidden("This template cannot be changed. Duplicate it and change the copy.", code="system_template")
    if not is_own(template, by):
        raise Forbidden("Only the person who made this template can change it.", code="not_owner")


def open_snippet(by: Actor, pk: UUID, action: Action) -> TextSnippet:
    """Open a text snippet for its owner; NotFound, audited as denied, for anyone else."""
    snippet: TextSnippet | None = only_one(TextSnippet.objects.visible_to(by.user), pk=pk)
    if snippet is None:
        deny(action, "not_found", by=by, target=TextSnippet(pk=pk))
        raise NotFound("This snippet does not exist.")
    return snippet


def open_private_note(by: Actor, pk: UUID, action: Action) -> tuple[PrivateNote, RecordAccess]:
    """Open a private note for its author, while they treat the patient; NotFound, audited, for anyone else."""
    return _own_private(by, PrivateNote.objects.visible_to(by.user), pk, action)


def open_removed_private_note(by: Actor, pk: UUID, action: Action) -> tuple[PrivateNote, RecordAccess]:
    """Open a deleted private note for its author, to restore it; NotFound, audited, for anyone else."""
    return _own_private(by, PrivateNote.objects.restorable(by.user), pk, action)


def _own_private(by: Actor, notes: PrivateNoteQuerySet, pk: UUID, action: Action) -> tuple[PrivateNote, RecordAccess]:
    note: PrivateNote | None = only_one(notes.select_related("patient__clinic"), pk=pk)
    if note is None:
        deny(action, "not_found", by=by, target=PrivateNote(pk=pk))
        raise NotFound("This note does not exist.")
    return note, access_to(by, note.patient, may_write=True)
