"""Pages for the consent log and signing links."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.access import FORM, POST, SAFE, page
from accounts.care.access import RecordAccess, open_own_record, open_record, open_record_to_write
from accounts.consent.access import request_of
from accounts.consent.audit_actions import (
    CONSENT_LISTED,
    CONSENT_RECORDED,
    CONSENT_REQUEST_REVOKED,
    CONSENT_REQUEST_SENT,
)
from accounts.consent.choices import RECORDING_CONSENTS
from accounts.consent.forms import ConsentForm, RequestForm
from accounts.consent.services import consent_log, decisions, requests
from accounts.models import ConsentEntry, ConsentRequest, User
from audit.log import record
from therapybridge.core.actor import actor_of
from therapybridge.core.pages.forms import UNPROCESSABLE, status_of, submit
from therapybridge.core.pages.lists import Listing, ListPage

ENTRIES = Listing(order=("-id",))


@page(CONSENT_LISTED, User.Role.THERAPIST, methods=FORM)
def consent(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Show a patient's consents and, for their therapists, record the next decision."""
    if request.method in SAFE:
        access = open_record(actor_of(request), patient_id, CONSENT_LISTED)
        return _consent_page(request, access, ConsentForm())
    access = open_record_to_write(actor_of(request), patient_id, CONSENT_RECORDED)
    form = ConsentForm(request.POST)
    if submit(form, decisions.record_consent, access):
        messages.success(request, "The decision was recorded.")
        return redirect("patients:detail", patient_id)
    return _consent_page(request, access, form)


def _consent_page(
    request: HttpRequest, access: RecordAccess, form: ConsentForm, asked: RequestForm | None = None
) -> HttpResponse:
    """The consent log, with forms for those who may write."""
    patient, shown = access.patient, _history(request, access)
    record(CONSENT_LISTED, patient, by=access, ids=[entry.pk for entry in shown])
    context: dict[str, Any] = {
        "form": form,
        "request_form": asked or RequestForm(),
        "patient": patient,
        "states": decisions.consent_states(patient),
        "page": shown,
        "texts": consent_log.current_texts(patient.clinic_id, RECORDING_CONSENTS).values(),
        "requests": _open_requests(patient),
        "may_write": access.may_write,
    }
    status = UNPROCESSABLE if asked and asked.errors else status_of(form)
    return render(request, "accounts/consent.html", context, status=status)


def _history(request: HttpRequest, access: RecordAccess) -> ListPage:
    entries = ConsentEntry.objects.filter(patient=access.patient).select_related("recorded_by")
    return ENTRIES.page(entries, request.GET, request.path)


def _open_requests(patient: User) -> list[tuple[ConsentRequest, str]]:
    rows = ConsentRequest.objects.open().filter(patient=patient).select_related("requested_by")
    return [(row, decisions.labels(row.types)) for row in rows]


@page(CONSENT_REQUEST_SENT, User.Role.THERAPIST, methods=POST)
def ask(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Create a signing link, e-mail it, and show it this once."""
    access = open_record_to_write(actor_of(request), patient_id, CONSENT_REQUEST_SENT)
    form = RequestForm(request.POST)
    asked = submit(form, requests.request_consent, access)
    if asked is None:
        return _consent_page(request, access, ConsentForm(), form)
    row, link = asked.result
    context = {
        "patient": access.patient,
        "link": link,
        "row": row,
        "labels": decisions.labels(row.types),
        "is_mailed": requests.address_of(access.patient) is not None,
    }
    return render(request, "accounts/consent_link.html", context)


@page(CONSENT_REQUEST_REVOKED, User.Role.THERAPIST, methods=POST)
def revoke_request(request: HttpRequest, patient_id: UUID, request_id: UUID) -> HttpResponse:
    """Revoke a signing link."""
    access = open_record_to_write(actor_of(request), patient_id, CONSENT_REQUEST_REVOKED)
    requests.revoke_request(request_of(access, request_id, CONSENT_REQUEST_REVOKED), access=access)
    messages.success(request, "The link was revoked.")
    return redirect("accounts:consent", patient_id)


@page(CONSENT_LISTED, User.Role.PATIENT)
def own(request: HttpRequest) -> HttpResponse:
    """Show patients what they agreed to, and how to change it; read-only."""
    access = open_own_record(actor_of(request), CONSENT_LISTED)
    shown = _history(request, access)
    record(CONSENT_LISTED, access.patient, by=access, ids=[entry.pk for entry in shown])
    states = [state for state in decisions.consent_states(access.patient) if state.entry]
    return render(request, "accounts/consent_own.html", {"states": states, "page": shown})
