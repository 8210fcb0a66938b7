"""Pages of patients' rights: requests, disclosures, and who opened the record."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import FORM, POST, actor, page, require_therapist, visible_patient
from accounts.models import AccessRequest, BreakGlassGrant, Disclosure, User
from accounts.rights import access as rights_access
from accounts.rights.forms import AccessRequestForm, DisclosureForm, HandleForm
from accounts.rights.services import access_report
from accounts.rights.services import requests as services
from audit import log
from therapybridge.core.csv_export import csv_response
from therapybridge.core.pages.forms import perform, status_of, submit
from therapybridge.core.pages.lists import Listing

REQUESTS = Listing(order=("-id",))
DISCLOSURES = Listing(order=("-disclosed_at", "-id"))
# Two lists on one page.
ASKED = Listing(order=("-id",), per_page=50, cursor="requests")
GRANTS = Listing(order=("-id",), per_page=50, cursor="grants")
HEADER = ("Date", "To whom", "What", "Why", "What allowed it")


@page("access_request.listed", User.Role.PATIENT, methods=FORM)
def requests(request: HttpRequest) -> HttpResponse:
    """A patient's own requests, and a form for another one."""
    patient = actor(request)
    form = AccessRequestForm(request.POST or None)
    if submit(form, services.create_access_request, patient, request=request):
        messages.success(request, "Your request was sent. You will have an answer within 30 days.")
        return redirect("accounts:requests")
    rows = REQUESTS.page(AccessRequest.objects.filter(patient=patient), request.GET, request.path)
    ids = [row.pk for row in rows]
    log.record("access_request.listed", by=patient, patient_id=patient.pk, ids=ids, request=request)
    return render(request, "accounts/requests.html", {"form": form, "page": rows}, status=status_of(form))


@page("access_request.withdrawn", User.Role.PATIENT, methods=POST)
def request_withdraw(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """No longer ask for it."""
    asked = rights_access.own_request(request, request_id, "access_request.withdrawn")
    done = "Your request was withdrawn."
    perform(request, done, services.withdraw_access_request, asked, by=actor(request), request=request)
    return redirect("accounts:requests")


@page("access.read", User.Role.THERAPIST)
def access(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """A patient's requests, disclosures, emergency accesses, and who opened the record."""
    patient = rights_access.rights_of(request, patient_id, "access.read")
    asked = AccessRequest.objects.filter(patient=patient).select_related("handled_by")
    grants = BreakGlassGrant.objects.filter(patient=patient).select_related("therapist", "reviewed_by")
    context: dict[str, Any] = {
        "patient": patient,
        "requests": ASKED.page(asked, request.GET, request.path),
        "choices": [(one.value, one.label) for one in services.HANDLED],
        "disclosures": Disclosure.objects.filter(patient=patient).accountable()[:5],
        "grants": GRANTS.page(grants, request.GET, request.path),
        "log": access_report.read_access_log(patient, _before(request), for_patient=False),
    }
    log.record("access.read", by=actor(request), target=patient, patient_id=patient.pk, request=request)
    return render(request, "accounts/access.html", context)


@page("access_request.handled", User.Role.THERAPIST, methods=POST)
def request_handle(request: HttpRequest, patient_id: UUID, request_id: UUID) -> HttpResponse:
    """Take a request up, fulfil or deny it."""
    visible_patient(request, patient_id, "access_request.handled")
    asked = rights_access.handled_request(request, request_id, "access_request.handled")
    form = HandleForm(request.POST)
    given = form.cleaned_data if form.is_valid() else {"status": ""}
    done, by = "Done. The patient was told.", actor(request)
    perform(request, done, services.handle_access_request, asked, by=by, request=request, **given)
    return redirect(reverse("accounts:access", args=[asked.patient_id]) + f"#request-{asked.pk}")


@page("disclosure.listed", User.Role.THERAPIST, methods=FORM)
def disclosures(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """To whom a record went, and a form to note another time."""
    action = "disclosure.recorded" if request.method == "POST" else "disclosure.listed"
    patient = visible_patient(request, patient_id, action)
    therapist = require_therapist(request, action, patient.pk)
    form = DisclosureForm(request.POST or None)
    if submit(form, services.record_disclosure, patient, by=therapist, request=request):
        messages.success(request, "The disclosure was recorded.")
        return redirect("accounts:disclosures", patient.pk)
    context = _listed(request, patient) | {"patient": patient, "form": form}
    return render(request, "accounts/disclosures.html", context, status=status_of(form))


@page("disclosure.downloaded", User.Role.THERAPIST)
def disclosures_csv(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """The same list as a file."""
    return _downloaded(request, rights_access.rights_of(request, patient_id, "disclosure.downloaded"))


@page("disclosure.listed", User.Role.PATIENT)
def portal_disclosures(request: HttpRequest) -> HttpResponse:
    """To whom one's own record went."""
    return render(request, "accounts/disclosures_portal.html", _listed(request, actor(request)))


@page("disclosure.downloaded", User.Role.PATIENT)
def portal_disclosures_csv(request: HttpRequest) -> HttpResponse:
    """The same list as a file."""
    return _downloaded(request, actor(request))


@page("access_log.read", User.Role.PATIENT)
def portal_access(request: HttpRequest) -> HttpResponse:
    """Who opened one's own record; the clinic may have closed this page."""
    patient = actor(request)
    if not rights_access.may_see_log(patient):
        rights_access.deny_log(request, patient)
        return render(request, "accounts/privacy.html", {"is_closed": True})
    shown = access_report.read_access_log(patient, _before(request), for_patient=True)
    log.record("access_log.read", by=patient, patient_id=patient.pk, request=request)
    return render(request, "accounts/privacy.html", {"log": shown})


def _before(request: HttpRequest) -> date | None:
    return access_report.parse_before(request.GET.get("before"))


def _listed(request: HttpRequest, patient: User) -> dict[str, Any]:
    rows = DISCLOSURES.page(Disclosure.objects.filter(patient=patient).accountable(), request.GET, request.path)
    ids = [row.pk for row in rows]
    log.record("disclosure.listed", by=actor(request), patient_id=patient.pk, ids=ids, request=request)
    return {"page": rows}


def _downloaded(request: HttpRequest, patient: User) -> HttpResponse:
    rows = Disclosure.objects.filter(patient=patient).accountable()
    ids = [row.pk for row in rows]
    log.record("disclosure.downloaded", by=actor(request), patient_id=patient.pk, ids=ids, request=request)
    return csv_response("disclosures.csv", HEADER, map(_cells, rows))


def _cells(row: Disclosure) -> tuple[str, ...]:
    day = timezone.localdate(row.disclosed_at).isoformat()
    return day, row.recipient, row.what, row.why or "", row.get_basis_display()
