"""Pages for the consent log and signing links."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.access import FORM, POST, SAFE, background, page
from accounts.care.access import RecordAccess, open_own_record, open_record, open_record_to_write
from accounts.consent.access import request_of
from accounts.consent.audit_actions import (
    CONSENT_LISTED,
    CONSENT_RECORDED,
    CONSENT_REQUEST_REVOKED,
    CONSENT_REQUEST_SENT,
)
from accounts.consent.contexts import consent_context, history_of, link_context, request_context
from accounts.consent.forms import ConsentForm, RequestForm
from accounts.consent.services import decisions, requests
from accounts.models import User
from audit.log import record
from therapybridge.core.actor import actor_of
from therapybridge.core.pages.forms import UNPROCESSABLE, status_of, submit
from therapybridge.core.pages.polling import STOP_POLLING


@page(CONSENT_LISTED, User.Role.THERAPIST, methods=FORM, limit="urgent")
def consent(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Show a patient's consents and, for their therapists, record the next decision."""
    if request.method in SAFE:
        access = open_record(actor_of(request), patient_id, CONSENT_LISTED)
        return _consent_page(request, access, _usual_form(access))
    access = open_record_to_write(actor_of(request), patient_id, CONSENT_RECORDED)
    form = ConsentForm(request.POST)
    missing = decisions.missing_recording_consents(access.patient)
    # Only what is read aloud has one, on its own button; the form below records other decisions.
    if not submit(form, decisions.record_consent, access, digest=request.POST.get("digest", "")):
        return _consent_page(request, access, form)
    if missing and not decisions.missing_recording_consents(access.patient):
        messages.success(request, "The consent was recorded. You may record.")
        return redirect(f"{reverse('sessions:new')}?patient={patient_id}")
    messages.success(request, "The decision was recorded.")
    return redirect("patients:detail", patient_id)


def _usual_form(access: RecordAccess) -> ConsentForm:
    """With what is missing for recording: what was agreed to before is not agreed to again by the way."""
    return ConsentForm(initial={"types": decisions.missing_recording_consents(access.patient)})


def _consent_page(
    request: HttpRequest, access: RecordAccess, form: ConsentForm, asked: RequestForm | None = None
) -> HttpResponse:
    """The consent log, with forms for those who may write."""
    context = consent_context(access, request.GET, request.path)
    record(CONSENT_LISTED, access.patient, by=access, ids=[entry.pk for entry in context["page"]])
    context |= {"form": form, "request_form": asked or RequestForm()}
    status = UNPROCESSABLE if asked and asked.errors else status_of(form)
    return render(request, "accounts/consent.html", context, status=status)


@page(CONSENT_REQUEST_SENT, User.Role.THERAPIST, methods=POST)
def ask(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Create a signing link, e-mail it if asked to, and show it this once."""
    access = open_record_to_write(actor_of(request), patient_id, CONSENT_REQUEST_SENT)
    form = RequestForm(request.POST)
    asked = submit(form, requests.request_consent, access)
    if asked is None:
        return _consent_page(request, access, _usual_form(access), form)
    context = link_context(access, *asked.result, is_mailed=form.cleaned_data["by_mail"])
    return render(request, "accounts/consent_link.html", context)


@background
@page(CONSENT_LISTED, User.Role.THERAPIST)
def request_state(request: HttpRequest, patient_id: UUID, request_id: UUID) -> HttpResponse:
    """What became of a signing link, for the page that waits for the answer; the decisions count as read."""
    access = open_record(actor_of(request), patient_id, CONSENT_LISTED)
    context = request_context(request_of(access, request_id, CONSENT_LISTED))
    entries = [state.entry.pk for state in context["decided"] if state.entry]
    if entries:
        record(CONSENT_LISTED, access.patient, by=access, ids=entries)
    status = 200 if context["row"].state == "open" else STOP_POLLING
    return render(request, "accounts/_consent_request_state.html", context, status=status)


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
    shown = history_of(access.patient, request.GET, request.path)
    record(CONSENT_LISTED, access.patient, by=access, ids=[entry.pk for entry in shown])
    states = [state for state in decisions.consent_states(access.patient) if state.entry]
    return render(request, "accounts/consent_own.html", {"states": states, "page": shown})
