"""Pages of emergency access: opened by a colleague, reviewed by someone else."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.access import FORM, POST, actor, page
from accounts.care import access as emergency_access
from accounts.care.forms import EmergencyForm, ReviewForm
from accounts.care.services import emergency as services
from accounts.models import BreakGlassGrant, User
from accounts.rights.services import access_report
from audit import log
from therapybridge.core.actor import actor_of
from therapybridge.core.errors import Conflict, NotFound
from therapybridge.core.pages.forms import perform, status_of, submit

SHOWN = 50
REVIEWERS = (User.Role.THERAPIST, User.Role.ADMIN)


@page("emergency.opened", User.Role.THERAPIST, methods=FORM, step_up=True)
def emergency(request: HttpRequest) -> HttpResponse:
    """Open a record in an emergency; below, what one opened before."""
    form = EmergencyForm(request.POST or None)
    if opened := submit(form, _open, by=actor(request), request=request, catch=(NotFound, Conflict)):
        messages.warning(request, "The record is open to you. Everything you look at is on record.")
        return redirect("patients:detail", opened.result.patient_id)
    if request.method == "POST":
        return render(request, "accounts/emergency.html", {"form": form}, status=status_of(form))
    own = BreakGlassGrant.objects.filter(therapist=actor(request)).select_related("patient")[:SHOWN]
    log.record("emergency.listed", by=actor(request), ids=[grant.pk for grant in own], request=request)
    return render(request, "accounts/emergency.html", {"form": form, "grants": own})


def _open(lookup: services.Lookup, *, by: User, request: HttpRequest, **terms: Any) -> BreakGlassGrant:
    """In two steps, since the record of a search in vain must stay."""
    patient = services.find_patient(lookup, by=by, request=request)
    return services.open_emergency_access(patient, by=by, request=request, **terms)


@page("emergency.ended", User.Role.THERAPIST, methods=POST)
def emergency_end(request: HttpRequest, grant_id: UUID) -> HttpResponse:
    """End one's own access at once."""
    grant = emergency_access.own_grant(actor_of(request), grant_id, "emergency.ended")
    done = "The emergency access has ended."
    perform(request, done, services.end_emergency_access, grant, by=actor(request), request=request)
    return redirect("today")


@page("emergency.listed", *REVIEWERS)
def emergency_reviews(request: HttpRequest) -> HttpResponse:
    """What waits for one's review, the most urgent first."""
    waiting = BreakGlassGrant.objects.reviewable_by(actor(request)).awaiting_review()
    rows = waiting.select_related("patient", "therapist").order_by("review_due_at", "id")[:SHOWN]
    log.record("emergency.listed", by=actor(request), ids=[grant.pk for grant in rows], request=request)
    return render(request, "accounts/emergency_reviews.html", {"grants": rows})


@page("emergency.reviewed", *REVIEWERS, methods=FORM)
def emergency_review(request: HttpRequest, grant_id: UUID) -> HttpResponse:
    """Who opened the record, when, why and what was read; the verdict is final."""
    action = "emergency.reviewed" if request.method == "POST" else "emergency.read"
    grant = emergency_access.reviewable_grant(actor_of(request), grant_id, action)
    form = ReviewForm(request.POST or None)
    if submit(form, services.review_emergency_access, grant, by=actor(request), request=request):
        messages.success(request, "The review is on record.")
        return redirect("accounts:emergency_reviews")
    log.record("emergency.read", by=actor(request), target=grant, request=request)
    context: dict[str, Any] = {"grant": grant, "form": form, "opened": access_report.opened_under(grant)}
    return render(request, "accounts/emergency_review.html", context, status=status_of(form))
