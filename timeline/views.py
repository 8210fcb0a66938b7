"""Patient pages for therapists, and the patient portal; all are read-only."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.access import page
from accounts.care.access import open_own_record, open_record
from accounts.care.audit_actions import PATIENT_LISTED, PATIENT_READ
from accounts.models import User
from audit.log import record
from therapybridge.core.actor import actor_of
from therapybridge.core.pages.fragments import wants_fragment
from timeline.audit_actions import PORTAL_READ, PORTAL_TIMELINE_READ
from timeline.contexts import patients, portal


@page(PATIENT_LISTED, User.Role.THERAPIST)
def patient_list(request: HttpRequest) -> HttpResponse:
    """List the therapist's patients."""
    by = actor_of(request)
    context = patients.list_context(by.user, request.GET)
    ids = [row.pk for row in context["page"]]
    record(PATIENT_LISTED, by=by, ids=ids, among=ids)
    template = "timeline/_patients.html" if wants_fragment(request) else "timeline/patients.html"
    return render(request, template, context)


@page(PATIENT_READ, User.Role.THERAPIST)
def patient_detail(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Show a patient's timeline, action items and latest sessions."""
    access = open_record(actor_of(request), patient_id, PATIENT_READ)
    is_fragment = wants_fragment(request)
    build = patients.events_context if is_fragment else patients.detail_context
    context = build(access, request.GET)
    record(PATIENT_READ, by=access)
    return render(request, "timeline/_events.html" if is_fragment else "timeline/patient.html", context)


@page(PORTAL_READ, User.Role.PATIENT)
def portal_home(request: HttpRequest) -> HttpResponse:
    """The home page of the patient portal."""
    access = open_own_record(actor_of(request), PORTAL_READ)
    context = portal.home_context(access.patient)
    record(PORTAL_READ, by=access)
    return render(request, "timeline/portal_home.html", context)


@page(PORTAL_TIMELINE_READ, User.Role.PATIENT)
def portal_timeline(request: HttpRequest) -> HttpResponse:
    """A patient's own timeline."""
    access = open_own_record(actor_of(request), PORTAL_TIMELINE_READ)
    context = portal.timeline_context(access.patient, request.GET.get("cursor"))
    record(PORTAL_TIMELINE_READ, by=access)
    template = "timeline/_portal_events.html" if wants_fragment(request) else "timeline/portal_timeline.html"
    return render(request, template, context)
