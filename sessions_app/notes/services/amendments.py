"""Corrections that patients ask for in signed notes: asked for, put off once, accepted or denied, disputed."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from accounts.care.access import RecordAccess
from accounts.mail.services import queue_email
from accounts.models import TherapistPatient
from audit.log import record
from sessions_app.audit_actions import (
    AMENDMENT_ACCEPTED,
    AMENDMENT_ASKED,
    AMENDMENT_DENIED,
    AMENDMENT_DISPUTED,
    AMENDMENT_EXTENDED,
)
from sessions_app.models import AmendmentRequest, NoteAddendum, SessionNote
from sessions_app.notes.services.signing import add_addendum
from therapybridge.core import limits
from therapybridge.core.errors import Conflict, Forbidden, InvalidInput
from therapybridge.core.links import absolute
from therapybridge.core.text import written

DUE_IN, EXTENSION = timedelta(days=60), timedelta(days=30)
MAX_TEXT = 4_000  # characters
ASKED_FOR = "The patient asked for this correction."
Status = AmendmentRequest.Status
ANSWER = AmendmentRequest._meta.get_field("answer")


def ask_amendment(note: SessionNote, *, text: str, access: RecordAccess) -> AmendmentRequest:
    """Ask for a correction of a note that the patient can read; Conflict for one that is withheld.

    An archived note can be corrected like any other (45 CFR 164.526 knows no archive).

    The therapists get an e-mail; RateLimited for too many.
    """
    access.require_patient(note.patient_id)
    _require_own(access)
    asked_for = written("text", text, MAX_TEXT)
    limits.check("email", limits.requester(access.reader))
    with note.session.locked():
        held: Any = SessionNote.objects.signed_on(access.patient).get(pk=note.pk)
        if held.withheld_as:
            raise Conflict("You cannot read this note at present.", code="note_withheld")
        asked = AmendmentRequest.objects.create(
            note=held, patient=access.patient, text=asked_for, due_date=held.clinic.today + DUE_IN
        )
        record(AMENDMENT_ASKED, asked, by=access, changed=["text"])
        _tell_therapists(asked)
    return asked


def extend_amendment(asked: AmendmentRequest, *, reason: str, access: RecordAccess) -> AmendmentRequest:
    """Put off the answer by thirty days, with a reason that the patient reads; Conflict the second time, or if late."""
    access.require_write(asked.patient_id)
    why = written("reason", reason, MAX_TEXT)
    with asked.note.session.locked():
        asked.refresh_from_db()
        if not asked.is_open:
            raise Conflict("This request has been answered already.", code="already_answered")
        if not asked.may_be_extended:
            raise Conflict("The answer can be put off once, and only before it is due.", code="not_extendable")
        asked.extended_at, asked.extension_reason = timezone.now(), why
        asked.due_date += EXTENSION
        # Not the whole row: what the patient wrote would be encrypted again, which the database takes for a change.
        asked.save(update_fields=["extended_at", "extension_reason", "due_date"])
        record(AMENDMENT_EXTENDED, asked, by=access, changed=["due_date", "extension_reason"])
        _tell_patient(asked)
    return asked


def accept_amendment(asked: AmendmentRequest, *, text: str, access: RecordAccess) -> AmendmentRequest:
    """Correct the note by an addendum, which is linked to the request. The caller has asked for a proof of identity."""
    access.require_write(asked.patient_id)
    with asked.note.session.locked():
        _require_open(asked)
        kind = NoteAddendum.Kind.AMENDMENT
        addendum = add_addendum(asked.note, kind, ASKED_FOR, text, access=access, on_request=True)
        _answer(asked, Status.ACCEPTED, access, ["addendum"], addendum=addendum)
    return asked


def deny_amendment(asked: AmendmentRequest, *, ground: str, answer: str, access: RecordAccess) -> AmendmentRequest:
    """Deny it on one of the grounds of 45 CFR 164.526(a)(2), with a reason that the patient reads."""
    access.require_write(asked.patient_id)
    if ground not in AmendmentRequest.Grounds.values:
        raise InvalidInput(errors={"ground": ["Choose on which ground it is denied."]})
    sealed = ANSWER.seal(written("answer", answer, MAX_TEXT), asked.pk)
    with asked.note.session.locked():
        _require_open(asked)
        _answer(asked, Status.DENIED, access, ["ground", "answer"], ground=ground, answer=sealed)
    return asked


def dispute_denial(asked: AmendmentRequest, *, statement: str, access: RecordAccess) -> AmendmentRequest:
    """Add the patient's statement of disagreement, once; from then on it stands with the note."""
    access.require_patient(asked.patient_id)
    _require_own(access)
    told = written("statement", statement, MAX_TEXT)
    with asked.note.session.locked():
        asked.refresh_from_db()
        if not asked.may_be_disputed:
            raise Conflict("A statement can be added once, to a denied request.", code="not_disputable")
        asked.statement, asked.statement_at = told, timezone.now()
        asked.save(update_fields=["statement", "statement_at"])
        record(AMENDMENT_DISPUTED, asked, by=access, changed=["statement"])
    return asked


def _answer(asked: AmendmentRequest, status: str, access: RecordAccess, changed: Sequence[str], **columns: Any) -> None:
    action = AMENDMENT_ACCEPTED if status == Status.ACCEPTED else AMENDMENT_DENIED
    asked.move_to(status, action=action, by=access, changed=["status", *changed], answered_by=access.user, **columns)
    asked.refresh_from_db()
    _tell_patient(asked)


def _require_open(asked: AmendmentRequest) -> None:
    """So that no addendum is written for a request that somebody has just answered."""
    asked.refresh_from_db()
    if not asked.is_open:
        raise Conflict("This request has been answered already.", code="already_answered")


def _require_own(access: RecordAccess) -> None:
    if not access.is_own:
        raise Forbidden("Only patients can ask for this.")


def _tell_patient(asked: AmendmentRequest) -> None:
    button = ("See your request", absolute(reverse("portal_notes:detail", args=[asked.note_id])))
    lines = ["There is an update on a request you made."]
    clinic = asked.patient.clinic
    queue_email("amendment_answered", asked.patient.email, "Your request", lines, button=button, clinic=clinic)


def _tell_therapists(asked: AmendmentRequest) -> None:
    button = ("See the request", absolute(reverse("notes:detail", args=[asked.note_id])))
    lines = ["A patient has made a request about their record.", "It has to be answered within 60 days."]
    relations = TherapistPatient.objects.active().filter(patient=asked.patient_id).select_related("therapist__clinic")
    for relation in relations:
        to, clinic = relation.therapist.email, relation.therapist.clinic
        queue_email("amendment_asked", to, "A patient's request", lines, button=button, clinic=clinic)
