"""Patients' requests and disclosures."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.care.access import RecordAccess
from accounts.mail.services import queue_email
from accounts.models import AccessRequest, Disclosure, TherapistPatient
from accounts.rights.audit_actions import (
    ACCESS_REQUEST_CREATED,
    ACCESS_REQUEST_FULFILLED,
    ACCESS_REQUEST_WITHDRAWN,
    DISCLOSURE_RECORDED,
)
from audit.audit_actions import declared
from audit.log import record
from therapybridge.core import limits
from therapybridge.core.api.moments import day_of, lies_ahead, moment_of
from therapybridge.core.errors import Forbidden, InvalidInput
from therapybridge.core.links import absolute
from therapybridge.core.text import all_written, written

Status = AccessRequest.Status
DUE_IN = timedelta(days=30)
MAX_TEXT = 4000  # characters
ANSWERED = (Status.FULFILLED, Status.DENIED)
HANDLED = (Status.IN_PROGRESS, *ANSWERED)
COPY_IS_READY = "The copy of your record is ready. You can download it in the portal for seven days."
CHOOSE = "Choose what to do with the request."
ANSWER_FIELD = AccessRequest._meta.get_field("answer")


def create_access_request(access: RecordAccess, *, kind: str, details: str = "") -> AccessRequest:
    """Make a patient's request about their own record; their therapists are notified, the answer is due in 30 days.

    RateLimited, since each request sends e-mails.
    """
    if not access.is_own:
        raise Forbidden("Only patients can ask for this.")
    if kind not in AccessRequest.Kind.values:
        raise InvalidInput(errors={"kind": ["Choose what you would like."]})
    text = written("details", details, MAX_TEXT, least=0)
    limits.check("email", limits.requester(access.reader))
    with transaction.atomic():
        asked = AccessRequest.objects.create(
            patient=access.patient, kind=kind, details=text or None, due_at=timezone.now() + DUE_IN
        )
        record(ACCESS_REQUEST_CREATED, asked, by=access, changed=["kind"])
        _tell_therapists(asked)
    return asked


def withdraw_access_request(asked: AccessRequest, *, access: RecordAccess) -> AccessRequest:
    """Withdraw a request; Conflict once it is closed."""
    if asked.patient_id != access.patient.pk or not access.is_own:
        raise Forbidden("Only the patient can withdraw this.")
    asked.move_to(Status.WITHDRAWN, action=ACCESS_REQUEST_WITHDRAWN, by=access)
    return asked


def handle_access_request(
    asked: AccessRequest, *, access: RecordAccess, status: str, answer: str = ""
) -> AccessRequest:
    """Start, fulfil or deny a request, and e-mail the patient. Fulfilling and denying need an answer."""
    access.require_write(asked.patient_id)
    text = written("answer", answer, MAX_TEXT, least=0)
    if status not in HANDLED:
        raise InvalidInput(errors={"status": [CHOOSE]})
    if status in ANSWERED and not text:
        raise InvalidInput(errors={"answer": ["Tell the patient what was done, or why not."]})
    sealed: dict[str, Any] = {"answer": ANSWER_FIELD.seal(text, asked.pk)} if text else {}
    given = sealed | {"changed": ["status", *sealed], "handled_by": access.user}
    with transaction.atomic():
        asked.move_to(status, action=declared(f"access_request.{status}"), by=access, **given)
        _tell_patient(asked)
    return asked


def record_disclosure(
    access: RecordAccess, *, recipient: str, what: str, basis: str, disclosed_at: date, why: str = ""
) -> Disclosure:
    """Record a disclosure of the record, or part of it: when, or on which day, neither of them in the future."""
    access.require_write(access.patient.pk)
    if lies_ahead(disclosed_at, access.patient.clinic_zone, access.user.zone):
        raise InvalidInput(errors={"disclosed_at": ["Enter a date in the past."]})
    texts = all_written({"recipient": (recipient, MAX_TEXT), "what": (what, MAX_TEXT)})
    reason = written("why", why, MAX_TEXT, least=0)
    with transaction.atomic():
        row = Disclosure.objects.create(
            patient=access.patient,
            recorded_by=access.user,
            **texts,
            why=reason or None,
            basis=basis,
            disclosed_at=min(moment_of(disclosed_at, access.patient.clinic_zone), timezone.now()),
            disclosed_day=day_of(disclosed_at),
        )
        record(DISCLOSURE_RECORDED, row, by=access)
    return row


def fulfil_with_copy(asked: AccessRequest) -> None:
    """Fulfil a request that the practice took up, since the copy is ready for the patient: its time stops (164.524(b)).

    Nothing for one that is closed already, by which a further copy is made. Call it with the patient's row locked.
    """
    asked.refresh_from_db()
    if asked.status != Status.IN_PROGRESS:
        return
    sealed: dict[str, Any] = {} if asked.answer else {"answer": ANSWER_FIELD.seal(COPY_IS_READY, asked.pk)}
    asked.move_to(Status.FULFILLED, action=ACCESS_REQUEST_FULFILLED, changed=["status", *sealed], **sealed)
    _tell_patient(asked)


def account_for(access: RecordAccess, *, recipient: str, what: str, why: str, basis: str) -> Disclosure:
    """Add what was handed out just now to the accounting; the caller has checked that it may be, and audits it."""
    return Disclosure.objects.create(
        patient=access.patient,
        recorded_by=access.user,
        recipient=recipient,
        what=what,
        why=why or None,
        basis=basis,
        disclosed_at=timezone.now(),
    )


def _tell_patient(asked: AccessRequest) -> None:
    button = ("See your request", absolute(reverse("accounts:requests")))
    lines = ["There is an update on a request you made."]
    queue_email(
        "access_request_changed",
        asked.patient.email,
        "Your request",
        lines,
        button=button,
        clinic=asked.patient.clinic,
    )


def _tell_therapists(asked: AccessRequest) -> None:
    button = ("See the request", absolute(reverse("accounts:access", args=[asked.patient_id])))
    lines = ["A patient has made a request about their record.", "It has to be answered within 30 days."]
    relations = TherapistPatient.objects.active().filter(patient=asked.patient_id).select_related("therapist__clinic")
    for relation in relations:
        therapist = relation.therapist
        queue_email(
            "access_request_made", therapist.email, "A patient's request", lines, button=button, clinic=therapist.clinic
        )
