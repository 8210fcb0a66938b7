"""Pages around patients for therapists, and the portal of the patients themselves; all of them only read."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from accounts.access import actor, visible_patient
from accounts.models import User
from audit.log import record
from therapybridge.core.errors import DomainError, NotFound
from therapybridge.core.limits import limited
from therapybridge.core.problems import problem_response
from timeline import pages, portal

SAFE = ("GET", "HEAD")

View = Callable[..., HttpResponseBase]


def read_only_page(role: str, action: str) -> Callable[[View], View]:
    """GET and HEAD for people of a role; to others the page does not exist, and `action` is denied on record."""

    def decorate(view: View) -> View:
        @login_required
        @limited("read", methods=SAFE)
        def for_role(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            reader = actor(request)
            if reader.role != role:
                record(action, by=reader, outcome="denied", reason="role", request=request)
                raise NotFound
            return view(request, *args, **kwargs)

        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            return for_role(request, *args, **kwargs) if request.method in SAFE else _not_allowed(request)

        return guarded

    return decorate


def _not_allowed(request: HttpRequest) -> HttpResponse:
    error = DomainError("This page can only be read.", code="method_not_allowed", status=405)
    response = problem_response(request, error)
    response.headers["Allow"] = ", ".join(SAFE)
    return response


def _wants_fragment(request: HttpRequest) -> bool:
    """A history restore asks for the whole page again."""
    htmx = getattr(request, "htmx", None)
    return htmx is not None and bool(htmx) and not htmx.history_restore_request


@read_only_page(User.Role.THERAPIST, "patient.listed")
def patient_list(request: HttpRequest) -> HttpResponse:
    """One's own patients."""
    context = pages.list_context(actor(request), request.GET)
    record("patient.listed", by=request.user, request=request)
    template = "timeline/_patients.html" if _wants_fragment(request) else "timeline/patients.html"
    return render(request, template, context)


@read_only_page(User.Role.THERAPIST, "patient.read")
def patient_detail(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """A patient's story, and what matters now."""
    patient = visible_patient(request, patient_id, "patient.read")
    is_fragment = _wants_fragment(request)
    build = pages.events_context if is_fragment else pages.detail_context
    context = build(patient, actor(request), request.GET)
    record("patient.read", by=request.user, patient_id=patient.pk, request=request)
    return render(request, "timeline/_events.html" if is_fragment else "timeline/patient.html", context)


@read_only_page(User.Role.PATIENT, "portal.read")
def portal_home(request: HttpRequest) -> HttpResponse:
    """The first page of a patient."""
    context = portal.home_context(actor(request))
    record("portal.read", by=request.user, patient_id=actor(request).pk, request=request)
    return render(request, "timeline/portal_home.html", context)


@read_only_page(User.Role.PATIENT, "portal.timeline.read")
def portal_timeline(request: HttpRequest) -> HttpResponse:
    """A patient's own timeline."""
    context = portal.timeline_context(actor(request), request.GET.get("cursor"))
    record("portal.timeline.read", by=request.user, patient_id=actor(request).pk, request=request)
    template = "timeline/_portal_events.html" if _wants_fragment(request) else "timeline/portal_timeline.html"
    return render(request, template, context)
