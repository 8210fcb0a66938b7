"""Pages around patients for therapists, and the portal of the patients themselves; all of them only read."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.access import actor, page, visible_patient
from accounts.models import User
from audit.log import record
from therapybridge.core.pages.fragments import wants_fragment
from timeline.contexts import patients, portal


@page("patient.listed", User.Role.THERAPIST)
def patient_list(request: HttpRequest) -> HttpResponse:
    """One's own patients."""
    context = patients.list_context(actor(request), request.GET)
    record("patient.listed", by=request.user, ids=[row.pk for row in context["page"]], request=request)
    template = "timeline/_patients.html" if wants_fragment(request) else "timeline/patients.html"
    return render(request, template, context)


@page("patient.read", User.Role.THERAPIST)
def patient_detail(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """A patient's story, and what matters now."""
    patient = visible_patient(request, patient_id, "patient.read")
    is_fragment = wants_fragment(request)
    build = patients.events_context if is_fragment else patients.detail_context
    context = build(patient, actor(request), request.GET)
    record("patient.read", by=request.user, patient_id=patient.pk, request=request)
    return render(request, "timeline/_events.html" if is_fragment else "timeline/patient.html", context)


@page("portal.read", User.Role.PATIENT)
def portal_home(request: HttpRequest) -> HttpResponse:
    """The first page of a patient."""
    context = portal.home_context(actor(request))
    record("portal.read", by=request.user, patient_id=actor(request).pk, request=request)
    return render(request, "timeline/portal_home.html", context)


@page("portal.timeline.read", User.Role.PATIENT)
def portal_timeline(request: HttpRequest) -> HttpResponse:
    """A patient's own timeline."""
    context = portal.timeline_context(actor(request), request.GET.get("cursor"))
    record("portal.timeline.read", by=request.user, patient_id=actor(request).pk, request=request)
    template = "timeline/_portal_events.html" if wants_fragment(request) else "timeline/portal_timeline.html"
    return render(request, template, context)
