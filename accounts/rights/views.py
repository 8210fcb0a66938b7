"""Pages for patients' rights: requests, disclosures and the access log."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import FORM, POST, page
from accounts.care.access import RecordAccess, open_own_record, open_record_to_write
from accounts.models import AccessRequest, BreakGlassGrant, Disclosure, User
from accounts.rights.access import handled_request, may_see_log, own_request, rights_of
from accounts.rights.audit_actions import (
    ACCESS_LOG_READ,
    ACCESS_READ,
    ACCESS_REQUEST_HANDLED,
    ACCESS_REQUEST_LISTED,
    ACCESS_REQUEST_WITHDRAWN,
    DISCLOSURE_DOWNLOADED,
    DISCLOSURE_LISTED,
    DISCLOSURE_RECORDED,
)
from accounts.rights.forms import AccessRequestForm, DisclosureForm, HandleForm
from accounts.rights.services.access_report import parse_before, read_access_log
from accounts.rights.services.requests import (
    create_access_request,
    handle_access_request,
    record_disclosure,
    withdraw_access_request,
)
from audit.log import deny, record
from therapybridge.core.actor import actor_of
from therapybridge.core.csv_export import csv_response
from therapybridge.core.pages.forms import perform, status_of, submit
from therapybridge.core.pages.lists import Listing

REQUESTS = Listing(order=("-id",))
DISCLOSURES = Listing(order=("-disclosed_at", "-id"))
# Two lists on one page need different cursors.
ASKED = Listing(order=("-id",), per_page=50, cursor="requests")
GRANTS = Listing(order=("-id",), per_page=50, cursor="grants")
HEADER = ("Date", "Recipient", "What", "Why", "Legal basis")


@page(ACCESS_REQUEST_LISTED, User.Role.PATIENT, methods=FORM)
def requests(request: HttpRequest) -> HttpResponse:
    """A patient's own requests, and a form to make another."""
    access = open_own_record(actor_of(request), ACCESS_REQUEST_LISTED)
    form = AccessRequestForm(request.POST or None)
    if submit(form, create_access_request, access):
        messages.success(request, "Your request was sent. You will get an answer within 30 days.")
        return redirect("accounts:requests")
    rows = REQUESTS.page(AccessRequest.objects.filter(patient=access.patient), request.GET, request.path)
    record(ACCESS_REQUEST_LISTED, by=access, ids=[row.pk for row in rows])
    return render(request, "accounts/requests.html", {"form": form, "page": rows}, status=status_of(form))


@page(ACCESS_REQUEST_WITHDRAWN, User.Role.PATIENT, methods=POST)
def request_withdraw(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Withdraw a request."""
    asked, access = own_request(actor_of(request), request_id, ACCESS_REQUEST_WITHDRAWN)
    perform(request, "Your request was withdrawn.", withdraw_access_request, asked, access=access)
    return redirect("accounts:requests")


@page(ACCESS_READ, User.Role.THERAPIST)
def access_report(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """A patient's requests, disclosures, emergency access and access log."""
    return _show_report(request, rights_of(actor_of(request), patient_id, ACCESS_READ))


@page(ACCESS_REQUEST_HANDLED, User.Role.THERAPIST, methods=POST)
def request_handle(request: HttpRequest, patient_id: UUID, request_id: UUID) -> HttpResponse:
    """Start, fulfil or deny a request."""
    asked, access = handled_request(actor_of(request), request_id, ACCESS_REQUEST_HANDLED, patient_id)
    form = HandleForm(request.POST, asked=asked)
    if submit(form, handle_access_request, asked, access=access):
        messages.success(request, "Done. The patient has been notified.")
        return redirect(reverse("accounts:access", args=[asked.patient_id]) + f"#request-{asked.pk}")
    return _show_report(request, access, form)


def _show_report(request: HttpRequest, access: RecordAccess, sent: HandleForm | None = None) -> HttpResponse:
    """Show the page, with the errors and the text of a form that was refused."""
    patient, path = access.patient, reverse("accounts:access", args=[access.patient.pk])
    asked = AccessRequest.objects.filter(patient=patient).select_related("handled_by")
    grants = BreakGlassGrant.objects.filter(patient=patient).select_related("therapist", "reviewed_by")
    shown = ASKED.page(asked, request.GET, path)
    context = {
        "patient": patient,
        "requests": shown,
        "request_forms": [(row, sent if sent and sent.asked == row else HandleForm(asked=row)) for row in shown],
        "form": sent,
        "disclosures": Disclosure.objects.filter(patient=patient).accountable()[:5],
        "grants": GRANTS.page(grants, request.GET, path),
        "log": read_access_log(access, _before(request)),
    }
    record(ACCESS_READ, patient, by=access)
    return render(request, "accounts/access.html", context, status=status_of(sent) if sent else 200)


@page(DISCLOSURE_LISTED, User.Role.THERAPIST, methods=FORM)
def disclosures(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """A record's disclosures, and a form to record another."""
    action = DISCLOSURE_RECORDED if request.method == "POST" else DISCLOSURE_LISTED
    access = open_record_to_write(actor_of(request), patient_id, action)
    form = DisclosureForm(request.POST or None)
    if submit(form, record_disclosure, access):
        messages.success(request, "The disclosure was recorded.")
        return redirect("accounts:disclosures", patient_id)
    context = _list_disclosures(request, access) | {"patient": access.patient, "form": form}
    return render(request, "accounts/disclosures.html", context, status=status_of(form))


@page(DISCLOSURE_DOWNLOADED, User.Role.THERAPIST)
def disclosures_csv(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """The same list as a file."""
    return _download_disclosures(rights_of(actor_of(request), patient_id, DISCLOSURE_DOWNLOADED))


@page(DISCLOSURE_LISTED, User.Role.PATIENT)
def portal_disclosures(request: HttpRequest) -> HttpResponse:
    """Who received the patient's own record."""
    access = open_own_record(actor_of(request), DISCLOSURE_LISTED)
    return render(request, "accounts/disclosures_portal.html", _list_disclosures(request, access))


@page(DISCLOSURE_DOWNLOADED, User.Role.PATIENT)
def portal_disclosures_csv(request: HttpRequest) -> HttpResponse:
    """The same list as a file."""
    return _download_disclosures(open_own_record(actor_of(request), DISCLOSURE_DOWNLOADED))


@page(ACCESS_LOG_READ, User.Role.PATIENT)
def portal_access(request: HttpRequest) -> HttpResponse:
    """Who opened the patient's own record, unless the clinic hides this list."""
    access = open_own_record(actor_of(request), ACCESS_LOG_READ)
    if not may_see_log(access):
        deny(ACCESS_LOG_READ, "closed", by=access)
        return render(request, "accounts/privacy.html", {"is_closed": True})
    shown = read_access_log(access, _before(request))
    record(ACCESS_LOG_READ, by=access)
    return render(request, "accounts/privacy.html", {"log": shown})


def _before(request: HttpRequest) -> date | None:
    return parse_before(request.GET.get("before"))


def _list_disclosures(request: HttpRequest, access: RecordAccess) -> dict[str, Any]:
    rows = DISCLOSURES.page(Disclosure.objects.filter(patient=access.patient).accountable(), request.GET, request.path)
    record(DISCLOSURE_LISTED, by=access, ids=[row.pk for row in rows])
    return {"page": rows}


def _download_disclosures(access: RecordAccess) -> HttpResponse:
    rows = Disclosure.objects.filter(patient=access.patient).accountable()
    record(DISCLOSURE_DOWNLOADED, by=access, ids=[row.pk for row in rows])
    return csv_response("disclosures.csv", HEADER, map(_cells, rows))


def _cells(row: Disclosure) -> tuple[str, ...]:
    day = row.disclosed_day or timezone.localdate(row.disclosed_at)
    return day.isoformat(), row.recipient, row.what, row.why or "", row.get_basis_display()
