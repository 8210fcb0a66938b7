"""What patients ask for and get answered, and to whom their record went."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from accounts.care.services.relations import require_care
from accounts.mail.services import queue_email
from accounts.models import AccessRequest, Disclosure, TherapistPatient, User
from audit import log
from therapybridge.core import limits
from therapybridge.core.actor import actor_of
from therapybridge.core.errors import Forbidden, InvalidInput
from therapybridge.core.links import absolute

Status = AccessRequest.Status
DUE_IN = timedelta(days=30)
MAX_TEXT = 4000  # characters
ANSWERED = (Status.FULFILLED, Status.DENIED)
HANDLED = (Status.IN_PROGRESS, *ANSWERED)
ANSWER_FIELD = AccessRequest._meta.get_field("answer")


def create_access_request(
    patient: User, *, kind: str, details: str = "", request: HttpRequest | None = None
) -> AccessRequest:
    """A patient asks for something about the own record; the therapists are told, the answer is due in 30 days.

    RateLimited for more in an hour than anyone wants letters about.
    """
    if not patient.is_patient:
        raise Forbidden("Only patients can ask for this.")
    if kind not in AccessRequest.Kind.values:
        raise InvalidInput(errors={"kind": ["Choose what you ask for."]})
    _check_length("details", details)
    if request is not None:
        limits.check("email", limits.requester(actor_of(request)))
    with transaction.atomic():
        asked = AccessRequest.objects.create(
            patient=patient, kind=kind, details=details.strip() or None, due_at=timezone.now() + DUE_IN
        )
        log.record("access_request.created", by=patient, target=asked, changed=["kind"], request=request)
        _tell_therapists(asked)
    return asked


def withdraw_access_request(asked: AccessRequest, *, by: User, request: HttpRequest | None = None) -> AccessRequest:
    """The patient no longer asks; Conflict once it is closed."""
    if asked.patient_id != by.pk:
        raise Forbidden("Only the patient can withdraw this.")
    with transaction.atomic():
        asked.move_to(Status.WITHDRAWN)
        log.record("access_request.withdrawn", by=by, target=asked, changed=["status"], request=request)
    return asked


def handle_access_request(
    asked: AccessRequest, *, by: User, status: str, answer: str = "", request: HttpRequest | None = None
) -> AccessRequest:
    """Take a request up, fulfil or deny it, and write to the patient. The last two need an answer."""
    require_care(asked.patient_id, by=by)
    text = answer.strip()
    if status not in HANDLED:
        raise InvalidInput(errors={"status": ["Choose what happens with the request."]})
    if status in ANSWERED and not text:
        raise InvalidInput(errors={"answer": ["Tell the patient what was done, or why not."]})
    _check_length("answer", text)
    sealed: dict[str, Any] = {"answer": ANSWER_FIELD.seal(text, asked.pk)} if text else {}
    with transaction.atomic():
        asked.move_to(status, handled_by=by, **sealed)
        log.record(f"access_request.{status}", by=by, target=asked, changed=["status", *sealed], request=request)
        _tell_patient(asked)
    return asked


def record_disclosure(
    patient: User,
    *,
    by: User,
    recipient: str,
    what: str,
    basis: str,
    disclosed_at: datetime,
    why: str = "",
    request: HttpRequest | None = None,
) -> Disclosure:
    """Note that the record, or part of it, went to someone; never for a day that is still to come."""
    require_care(patient.pk, by=by)
    if disclosed_at > timezone.now():
        raise InvalidInput(errors={"disclosed_at": ["This is in the future."]})
    for name, text in (("recipient", recipient), ("what", what), ("why", why)):
        _check_length(name, text, is_required=name != "why")
    with transaction.atomic():
        row = Disclosure.objects.create(
            patient=patient,
            recorded_by=by,
            recipient=recipient.strip(),
            what=what.strip(),
            why=why.strip() or None,
            basis=basis,
            disclosed_at=disclosed_at,
        )
        log.record("disclosure.recorded", by=by, target=row, request=request)
    return row


def _check_length(name: str, text: str, *, is_required: bool = False) -> None:
    if len(text) > MAX_TEXT:
        raise InvalidInput(errors={name: [f"Write at most {MAX_TEXT} characters."]})
    if is_required and not text.strip():
        raise InvalidInput(errors={name: ["This is needed."]})


def _tell_patient(asked: AccessRequest) -> None:
    button = ("See your request", absolute(reverse("accounts:requests")))
    lines = ["There is news about a request that you made."]
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
    lines = ["A patient made a request about the own record.", "It has to be answered within 30 days."]
    relations = TherapistPatient.objects.active().filter(patient=asked.patient_id).select_related("therapist__clinic")
    for relation in relations:
        therapist = relation.therapist
        queue_email(
            "access_request_made", therapist.email, "A patient's request", lines, button=button, clinic=therapist.clinic
        )
