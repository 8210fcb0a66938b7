"""Writing a note: beginning it, saving it from several tabs without losing a word, filling it again."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.care.access import RecordAccess
from audit.audit_actions import Action
from audit.log import record
from sessions_app.audit_actions import NOTE_CREATED, NOTE_REGENERATED, NOTE_REOPENED, NOTE_SAVED, NOTE_TEMPLATE_CHANGED
from sessions_app.models import Extraction, NoteTemplate, NoteVersion, SessionNote, TherapySession
from sessions_app.notes.services.statements import reviewed, usable
from sessions_app.notes.services.templates import latest_version
from sessions_app.pipeline.note_templates.autofill import Filled, autofill
from sessions_app.pipeline.note_templates.content import Content, empty_content
from sessions_app.pipeline.note_templates.definition import Definition
from sessions_app.pipeline.note_templates.values import InvalidValues, parse_values
from therapybridge.core.errors import Conflict, Forbidden, InvalidInput

CHECKPOINT = timedelta(minutes=10)  # between versions that are kept while somebody writes
Cause = NoteVersion.Cause


class NoteConflict(Conflict):
    """Somebody else changed the same fields; `note` holds what stands now, `version` what was refused and kept."""

    code = "edit_conflict"

    def __init__(self, note: SessionNote, version: NoteVersion, fields: Sequence[str]) -> None:
        self.note, self.version = note, version
        current = Content.from_json(note.content).values
        self.extensions = {
            "conflict": {
                "fields": {name: current.get(name) for name in fields},
                "revision": note.revision,
                "version": {"id": version.pk, "number": version.number},
            }
        }
        sentences = {name: ["Changed in another tab or by somebody else."] for name in fields}
        super().__init__("This note was changed in another tab. Both texts are kept.", errors=sentences)


@dataclass(frozen=True, slots=True)
class Saved:
    """The note after it was saved, and whether anything differed from what it held.

    `elsewhere` has the values that others gave to fields since, which a page has to show before it saves again.
    """

    note: SessionNote
    has_changed: bool
    elsewhere: Mapping[str, Any]


def create_note(session: TherapySession, template: NoteTemplate, *, access: RecordAccess) -> SessionNote:
    """Begin the note of a session, filled from the usable statements of its draft; Conflict if there is one."""
    access.require_write(session.patient_id)
    version = latest_version(template)
    with session.locked():
        if SessionNote.objects.filter(session=session, deleted_at=None).exists():
            raise Conflict("This session already has a note.", code="has_note")
        content = empty_content().with_draft(proposed(session, version.parsed), revision=1)
        note = SessionNote.objects.create(
            session=session,
            clinic=session.clinic,
            patient=session.patient,
            author=access.user,
            template_version=version,
            content=content.to_json(),
            saved_at=timezone.now(),
        )
        keep_version(note, Cause.CREATED, access)
        record(NOTE_CREATED, note, by=access)
    return note


def save_note(note: SessionNote, given: Mapping[str, Any], base: int, *, access: RecordAccess) -> Saved:
    """Save some fields, by id, that were written on top of the revision `base`.

    Fields that nobody else changed since are merged. If somebody did, the text that is refused is kept as a version and
    NoteConflict raised: no words are lost on either side. A completed note becomes a draft again. Conflict for a `base`
    that the note has not reached.
    """
    with writable_note(note, access) as held:
        if base > held.revision:
            raise Conflict("This note has no such revision.", code="no_such_revision")
        values = _checked(held.template_version.parsed, given)
        content = Content.from_json(held.content)
        conflicting = content.conflicts(values, base)
        if not conflicting:
            changed = [key for key, value in values.items() if content.values.get(key) != value]
            if changed:
                _checkpoint(held, access)
                _store(held, content.with_values(values, held.revision + 1), NOTE_SAVED, access, changed)
            elsewhere = content.values_since(base, except_for=values)
            return Saved(held, has_changed=bool(changed), elsewhere=elsewhere)
        refused = keep_version(held, Cause.CONFLICT, access, content.with_values(values, held.revision))
        record(NOTE_SAVED, held, by=access, changed=["conflict"])
    raise NoteConflict(held, refused, conflicting)


def regenerate(note: SessionNote, fields: Sequence[str] | None, *, access: RecordAccess) -> SessionNote:
    """Fill the note again from the latest draft: `fields`, whoever wrote in them, or all that no person wrote in."""
    with writable_note(note, access) as held:
        definition = held.template_version.parsed
        if fields is not None:
            _checked(definition, dict.fromkeys(fields))
        keep_version(held, Cause.REGENERATED, access)
        filled = proposed(held.session, definition)
        content = Content.from_json(held.content).with_draft(filled, held.revision + 1, fields)
        _store(held, content, NOTE_REGENERATED, access, fields or ["content"])
    return held


def change_note_template(note: SessionNote, template: NoteTemplate, *, access: RecordAccess) -> SessionNote:
    """Write the note with another template; what a person wrote goes along, or is left over where it has no field."""
    version = latest_version(template)
    with writable_note(note, access) as held:
        keep_version(held, Cause.TEMPLATE, access)
        former, new = held.template_version, version.parsed
        filled = proposed(held.session, new)
        content = Content.from_json(held.content)
        moved = content.moved(former.parsed, former.template.name, new, filled, held.revision + 1)
        held.template_version = version
        _store(held, moved, NOTE_TEMPLATE_CHANGED, access, ["template_version"])
    return held


def proposed(session: TherapySession, definition: Definition) -> dict[str, Filled]:
    """What the supported and kept statements of the latest draft fill; nothing without a draft."""
    extraction = Extraction.objects.filter(session=session).first()
    return autofill(definition, usable(reviewed(extraction).notes)) if extraction else {}


@contextmanager
def writable_note(note: SessionNote, access: RecordAccess) -> Iterator[SessionNote]:
    """The note as it stands, locked. Forbidden for all but its author."""
    access.require_write(note.patient_id)
    with note.session.locked():
        held = SessionNote.objects.select_related("session", "template_version__template").get(pk=note.pk)
        require_open(held)
        if held.author_id != access.user.pk:
            raise Forbidden("Only the author can write in this note.", code="not_author")
        yield held


def require_open(note: SessionNote) -> None:
    """Conflict for a note that is signed or deleted."""
    if note.is_locked:
        raise Conflict("This note is signed. Add an addendum instead.", code="note_signed")
    if note.deleted_at:
        raise Conflict("This note was deleted.", code="note_deleted")


def keep_version(note: SessionNote, cause: str, access: RecordAccess, content: Content | None = None) -> NoteVersion:
    """Keep the note's content, or another one, as a version. Call it while the session is locked."""
    latest = NoteVersion.objects.filter(note=note).values_list("number", flat=True).first() or 0
    return NoteVersion.objects.create(
        note=note,
        number=latest + 1,
        cause=cause,
        revision=note.revision,
        template_version=note.template_version,
        content=content.to_json() if content else note.content,
        created_by=access.user,
    )


def _checked(definition: Definition, given: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return parse_values(definition, given)
    except InvalidValues as error:
        raise InvalidInput(errors=error.errors) from None


def _checkpoint(note: SessionNote, access: RecordAccess) -> None:
    """Keep what stands before it is overwritten, every few minutes."""
    latest = NoteVersion.objects.filter(note=note).only("created_at", "revision").first()
    if latest is None or (latest.revision < note.revision and latest.created_at < timezone.now() - CHECKPOINT):
        keep_version(note, Cause.SAVED, access)


def _store(note: SessionNote, content: Content, action: Action, access: RecordAccess, changed: Sequence[str]) -> None:
    if note.status == SessionNote.Status.COMPLETED:
        note.move_to(SessionNote.Status.DRAFT, action=NOTE_REOPENED, by=access, completed_at=None)
    note.content, note.revision, note.saved_at = content.to_json(), note.revision + 1, timezone.now()
    note.save()
    record(action, note, by=access, changed=sorted(changed))
