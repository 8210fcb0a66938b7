"""Pages of the consent ledger."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.access import FORM, POST, SAFE, actor, page, require_therapist, visible_patient
from accounts.consent.forms import ConsentForm, RequestForm
from accounts.consent.services import consent_log, decisions, requests
from accounts.models import ConsentEntry, ConsentRequest, User
from audit import log
from therapybridge.core.errors import NotFound
from therapybridge.core.pages.forms import UNPROCESSABLE, status_of, submit

ENTRIES_A_PAGE = 20


@page("consent.listed", User.Role.THERAPIST, methods=FORM)
def consent(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Show what a patient decided and, to those who treat them, record the next decision."""
    if request.method in SAFE:
        patient = visible_patient(request, patient_id, "consent.listed")
        return _consent_page(request, patient, ConsentForm())
    patient = visible_patient(request, patient_id, "consent.recorded")
    therapist = require_therapist(request, "consent.recorded", patient.pk)
    form = ConsentForm(request.POST)
    if submit(form, decisions.record_consent, patient, by=therapist, request=request):
        messages.success(request, "The decision was recorded.")
        return redirect("patients:detail", patient.pk)
    return _consent_page(request, patient, form)


def _consent_page(
    request: HttpRequest, patient: User, form: ConsentForm, asked: RequestForm | None = None
) -> HttpResponse:
    """The ledger with its forms; a reader by emergency access sees no forms."""
    reader = actor(request)
    shown = _history(request, patient)
    log.record(
        "consent.listed",
        by=reader,
        target=patient,
        patient_id=patient.pk,
        ids=[entry.pk for entry in shown],
        request=request,
    )
    context: dict[str, Any] = {
        "form": form,
        "request_form": asked or RequestForm(),
        "patient": patient,
        "states": decisions.consent_states(patient),
        "page": shown,
        "words": consent_log.current_texts(patient.clinic_id, decisions.RECORDING_CONSENTS).values(),
        "requests": _open_requests(patient),
        "may_write": User.objects.patients_treated_by(reader).filter(pk=patient.pk).exists(),
    }
    status = UNPROCESSABLE if asked and asked.errors else status_of(form)
    return render(request, "accounts/consent.html", context, status=status)


def _history(request: HttpRequest, patient: User) -> Page[Any]:
    entries = ConsentEntry.objects.visible_to(actor(request)).filter(patient=patient).select_related("recorded_by")
    return Paginator(entries, ENTRIES_A_PAGE).get_page(request.GET.get("page"))


def _open_requests(patient: User) -> list[tuple[ConsentRequest, str]]:
    rows = ConsentRequest.objects.open().filter(patient=patient).select_related("requested_by")
    return [(row, decisions.labels(row.types)) for row in rows]


@page("consent_request.sent", User.Role.THERAPIST, methods=POST)
def ask(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Make a signing link, mail it, and show it this once."""
    patient = visible_patient(request, patient_id, "consent_request.sent")
    therapist = require_therapist(request, "consent_request.sent", patient.pk)
    form = RequestForm(request.POST)
    asked = submit(form, requests.request_consent, patient, by=therapist, request=request)
    if asked is None:
        return _consent_page(request, patient, ConsentForm(), form)
    row, link = asked.result
    context = {
        "patient": patient,
        "link": link,
        "row": row,
        "labels": decisions.labels(row.types),
        "is_mailed": requests.address_of(patient) is not None,
    }
    return render(request, "accounts/consent_link.html", context)


@page("consent_request.revoked", User.Role.THERAPIST, methods=POST)
def revoke_request(request: HttpRequest, patient_id: UUID, request_id: UUID) -> HttpResponse:
    """Make a signing link useless."""
    patient = visible_patient(request, patient_id, "consent_request.revoked")
    therapist = require_therapist(request, "consent_request.revoked", patient.pk)
    requests.revoke_request(asked_of(request, patient, request_id), by=therapist, request=request)
    messages.success(request, "The link does not work any more.")
    return redirect("accounts:consent", patient.pk)


def asked_of(request: HttpRequest, patient: User, request_id: UUID) -> ConsentRequest:
    """The signing link of a patient whom the reader may see; NotFound, on record, for any other."""
    found: ConsentRequest | None = ConsentRequest.objects.filter(patient=patient, pk=request_id).first()
    if found is None:
        denied = ConsentRequest(pk=request_id, patient=patient)
        action, by = "consent_request.revoked", actor(request)
        log.record(action, by=by, target=denied, outcome="denied", reason="not_found", request=request)
        raise NotFound
    return found


@page("consent.listed", User.Role.PATIENT)
def own(request: HttpRequest) -> HttpResponse:
    """What a patient agreed to, and how to change it: read-only."""
    patient = visible_patient(request, actor(request).pk, "consent.listed")
    shown = _history(request, patient)
    ids = [entry.pk for entry in shown]
    log.record("consent.listed", by=patient, target=patient, patient_id=patient.pk, ids=ids, request=request)
    states = [state for state in decisions.consent_states(patient) if state.entry]
    return render(request, "accounts/consent_own.html", {"states": states, "page": shown})
