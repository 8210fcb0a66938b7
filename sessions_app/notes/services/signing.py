"""From a draft to the legal record: completing, signing, co-signing, adding to what is signed."""

from datetime import datetime
from hashlib import sha256

import orjson
from django.db import transaction
from django.utils import timezone

from accounts.care.access import RecordAccess
from accounts.care.choices import RelationType
from accounts.models import TherapistPatient
from audit.log import record
from sessions_app.audit_actions import NOTE_AMENDED, NOTE_COMPLETED, NOTE_COSIGNED, NOTE_SIGNED
from sessions_app.models import Extraction, NoteAddendum, NoteSignature, NoteVersion, SessionNote
from sessions_app.notes.services.release import Grounds, add_withholding
from sessions_app.notes.services.statements import reviewed, statements
from sessions_app.notes.services.writing import keep_version, require_open, writable_note
from sessions_app.pipeline.note_templates.autofill import MAIN_TEXTS
from sessions_app.pipeline.note_templates.content import Content
from sessions_app.pipeline.note_templates.definition import values_missing
from sessions_app.signals import note_amended, note_completed, note_signed
from therapybridge.core.errors import Conflict, Forbidden, InvalidInput
from therapybridge.core.text import all_written

MAX_REASON, MAX_ADDENDUM = 500, 20_000  # characters
Status = SessionNote.Status
Role = NoteSignature.Role
Kind = NoteAddendum.Kind


class OpenStatements(Conflict):
    """The draft still has statements to check; `errors` maps their ids to their texts."""

    code = "statements_to_check"


def complete_note(note: SessionNote, base: int, *, access: RecordAccess) -> SessionNote:
    """Say that the note is complete; InvalidInput for required fields without a value, Conflict if it has changed."""
    with writable_note(note, access) as held:
        require_revision(held, base)
        _complete(held, access)
    return held


def sign_note(note: SessionNote, base: int, *, access: RecordAccess, withhold: Grounds | None = None) -> SessionNote:
    """Sign the note as it stood at the revision `base`; afterwards nobody can change it.

    The patient reads it from then on, unless `withhold` says why not.
    InvalidInput for required fields without a value. Conflict if it has changed, while the session is being processed,
    and, as OpenStatements, while statements of the draft wait to be checked. The caller has asked for a proof of
    identity.
    """
    access.require_write(note.patient_id)
    if withhold:
        withhold.require_valid(note.clinic.today)
    with note.session.locked():
        held = _read(note)
        require_open(held)
        _require_author(held, access)
        require_revision(held, base)
        if held.session.is_running:
            raise Conflict("The session is being processed. Sign the note when that is done.", code="session_running")
        _require_checked(held)
        if held.status == Status.DRAFT:
            _complete(held, access)
        now, digest = timezone.now(), content_hash(held)
        keep_version(held, NoteVersion.Cause.SIGNED, access)
        held.move_to(Status.SIGNED, action=NOTE_SIGNED, by=access, signed_at=now, content_hash=digest)
        _add_signature(held, Role.AUTHOR, now, access)
        if withhold:
            add_withholding(held, withhold, access)
        transaction.on_commit(lambda: note_signed.send_robust(SessionNote, note=held), robust=True)
    return held


def cosign_note(note: SessionNote, *, access: RecordAccess) -> NoteSignature:
    """Sign a signed note as the supervisor of its author's work with the patient."""
    access.require_write(note.patient_id)
    with note.session.locked():
        held = _read(note)
        if not held.is_locked:
            raise Conflict("Its author has not signed this note yet.", code="not_signed")
        _require_unarchived(held)
        if NoteSignature.objects.filter(note=held, signer=access.user).exists():
            raise Conflict("You have signed this note already.", code="already_signed")
        if not _is_supervisor(held, access):
            raise Forbidden("Only a supervisor of this treatment can co-sign.", code="not_supervisor")
        require_intact(held)
        signature = _add_signature(held, Role.SUPERVISOR, timezone.now(), access)
        record(NOTE_COSIGNED, held, by=access)
    return signature


def may_cosign(note: SessionNote, access: RecordAccess) -> bool:
    """Whether the reader is a supervisor who has not signed yet."""
    has_signed = NoteSignature.objects.filter(note=note, signer=access.user).exists()
    is_open = note.is_locked and not note.is_archived
    return is_open and access.may_write and not has_signed and _is_supervisor(note, access)


def add_addendum(
    note: SessionNote, kind: str, reason: str, text: str, *, access: RecordAccess, on_request: bool = False
) -> NoteAddendum:
    """Add a signed addition to a signed note, which becomes amended. The caller has asked for a proof of identity.

    An archived note stays archived and takes only what its patient asked for, `on_request`; Conflict otherwise.
    """
    access.require_write(note.patient_id)
    texts = all_written({"reason": (reason, MAX_REASON), "text": (text, MAX_ADDENDUM)})
    with note.session.locked():
        held = _read(note)
        if not held.is_locked:
            raise Conflict("This note is not signed: change it instead.", code="not_signed")
        if not on_request:
            _require_unarchived(held)
        addendum = NoteAddendum(
            note=held,
            kind=kind,
            **texts,
            author=access.user,
            author_name=access.user.full_name,
            signed_at=timezone.now(),
        )
        addendum.content_hash = addendum_hash(addendum)
        addendum.save(force_insert=True)
        if held.status == Status.SIGNED:
            held.move_to(Status.AMENDED)
        record(NOTE_AMENDED, held, by=access, changed=["addenda"])
        transaction.on_commit(lambda: note_amended.send_robust(SessionNote, note=held), robust=True)
    return addendum


def content_hash(note: SessionNote) -> str:
    """SHA-256 over what a signature stands for: whose note it is, its form, and everything written in it."""
    whose = [str(value) for value in (note.pk, note.session_id, note.patient_id, note.author_id)]
    form = [str(note.template_version_id), note.template_version.definition]
    return _digest([whose, form, note.content])


def addendum_hash(addendum: NoteAddendum) -> str:
    """SHA-256 over what is added, and what it is added to."""
    note = addendum.note
    return _digest([str(note.pk), note.content_hash, addendum.kind, addendum.reason, addendum.text])


def is_intact(note: SessionNote) -> bool:
    """Whether a locked note, and each of its addenda, is still what was signed."""
    added = all(addendum.content_hash == addendum_hash(addendum) for addendum in note.addenda.all())
    return added and note.content_hash == content_hash(note)


def require_intact(note: SessionNote) -> None:
    """Conflict if a signed note is not what was signed any more."""
    if not is_intact(note):
        raise Conflict("This note is not what was signed. Tell your administrator.", code="not_intact")


def statements_to_check(note: SessionNote) -> dict[str, str]:
    """The statements of the session's latest draft that wait for a decision: their texts by id."""
    extraction = Extraction.objects.filter(session=note.session_id).first()
    items = statements(reviewed(extraction).notes) if extraction else ()
    return {item["id"]: _text_of(item) for _, item in items if item["state"] == "check"}


def _text_of(item: dict[str, object]) -> str:
    shown = (item.get(name) for name in MAIN_TEXTS)
    return next(str(value) for value in shown if value)


def _read(note: SessionNote) -> SessionNote:
    rows = SessionNote.objects.select_related("session__job", "template_version__template")
    found: SessionNote = rows.get(pk=note.pk)
    return found


def _complete(note: SessionNote, access: RecordAccess) -> None:
    content = Content.from_json(note.content)
    if missing := values_missing(note.template_version.parsed, content.values):
        raise InvalidInput(errors=missing)
    keep_version(note, NoteVersion.Cause.COMPLETED, access)
    note.move_to(Status.COMPLETED, action=NOTE_COMPLETED, by=access, completed_at=timezone.now())
    transaction.on_commit(lambda: note_completed.send_robust(SessionNote, note=note), robust=True)


def _require_author(note: SessionNote, access: RecordAccess) -> None:
    if note.author_id != access.user.pk:
        raise Forbidden("Only the author can sign this note.", code="not_author")


def require_revision(note: SessionNote, base: int) -> None:
    """Conflict if it is not the revision that was read."""
    if note.revision != base:
        raise Conflict("This note has changed since you read it.", code="note_changed")


def _require_unarchived(note: SessionNote) -> None:
    if note.is_archived:
        raise Conflict("This note is archived. Take it out of the archive first.", code="note_archived")


def _require_checked(note: SessionNote) -> None:
    if waiting := statements_to_check(note):
        errors = {key: [text] for key, text in waiting.items()}
        raise OpenStatements("Some statements of the draft wait to be checked: keep or delete each.", errors=errors)


def _is_supervisor(note: SessionNote, access: RecordAccess) -> bool:
    role = RelationType.SUPERVISOR
    if note.author_id == access.user.pk:
        return False
    links = TherapistPatient.objects.filter(therapist=access.user, patient=note.patient_id, relationship_type=role)
    return links.filter(is_active=True).exists()


def _add_signature(note: SessionNote, role: str, signed_at: datetime, access: RecordAccess) -> NoteSignature:
    return NoteSignature.objects.create(
        note=note,
        role=role,
        signer=access.user,
        signer_name=access.user.full_name,
        signed_at=signed_at,
        content_hash=note.content_hash,
    )


def _digest(parts: object) -> str:
    return sha256(orjson.dumps(parts, option=orjson.OPT_SORT_KEYS)).hexdigest()
