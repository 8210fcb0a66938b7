"""Pages for opening, ending and reviewing emergency access."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.access import FORM, POST, page
from accounts.care.access import REVIEWERS, open_grant_to_end, open_grant_to_review
from accounts.care.audit_actions import (
    EMERGENCY_ENDED,
    EMERGENCY_LISTED,
    EMERGENCY_OPENED,
    EMERGENCY_READ,
    EMERGENCY_REVIEWED,
)
from accounts.care.forms import EmergencyForm, ReviewForm
from accounts.care.services import emergency as emergency_services
from accounts.models import BreakGlassGrant, User
from accounts.rights.services import access_report
from audit.log import record
from therapybridge.core.actor import Actor, actor_of
from therapybridge.core.errors import Conflict, NotFound
from therapybridge.core.pages.forms import perform, status_of, submit
from therapybridge.core.pages.lists import Listing

OPENED = Listing(order=("-id",), per_page=50)
REVIEWS = Listing(order=("review_due_at", "id"), per_page=50)


@page(EMERGENCY_OPENED, User.Role.THERAPIST, methods=FORM, limit="urgent", step_up=True)
def emergency(request: HttpRequest) -> HttpResponse:
    """Open a record in an emergency; lists the person's earlier emergency access below."""
    form, by = EmergencyForm(request.POST or None), actor_of(request)
    if opened := submit(form, _open, by=by, catch=(NotFound, Conflict)):
        messages.warning(request, "You can now read the record. Everything you open is logged.")
        return redirect("patients:detail", opened.result.patient_id)
    if request.method == "POST":
        return render(request, "accounts/emergency.html", {"form": form}, status=status_of(form))
    grants = BreakGlassGrant.objects.filter(therapist=by.user).select_related("patient")
    own = OPENED.page(grants, request.GET, request.path)
    record(EMERGENCY_LISTED, by=by, ids=[grant.pk for grant in own])
    return render(request, "accounts/emergency.html", {"form": form, "page": own})


def _open(lookup: emergency_services.Lookup, *, by: Actor, **terms: Any) -> BreakGlassGrant:
    """Find, then open: the audit row of an unsuccessful search must not be rolled back."""
    patient = emergency_services.find_patient(lookup, by=by)
    return emergency_services.open_emergency_access(patient, by=by, **terms)


@page(EMERGENCY_ENDED, User.Role.THERAPIST, methods=POST, limit="urgent")
def emergency_end(request: HttpRequest, grant_id: UUID) -> HttpResponse:
    """End the person's own emergency access at once."""
    access = open_grant_to_end(actor_of(request), grant_id, EMERGENCY_ENDED)
    perform(request, "The emergency access has ended.", emergency_services.end_emergency_access, access)
    return redirect("today")


@page(EMERGENCY_LISTED, *REVIEWERS)
def emergency_reviews(request: HttpRequest) -> HttpResponse:
    """Emergency access that waits for the person's review, most urgent first."""
    by = actor_of(request)
    waiting = BreakGlassGrant.objects.reviewable_by(by.user).awaiting_review()
    rows = REVIEWS.page(waiting.select_related("patient", "therapist"), request.GET, request.path)
    record(EMERGENCY_LISTED, by=by, ids=[grant.pk for grant in rows])
    return render(request, "accounts/emergency_reviews.html", {"page": rows})


@page(EMERGENCY_REVIEWED, *REVIEWERS, methods=FORM)
def emergency_review(request: HttpRequest, grant_id: UUID) -> HttpResponse:
    """Show who opened the record, when, why and what they read, and record the final verdict."""
    action = EMERGENCY_REVIEWED if request.method == "POST" else EMERGENCY_READ
    access = open_grant_to_review(actor_of(request), grant_id, action)
    form = ReviewForm(request.POST or None)
    if submit(form, emergency_services.review_emergency_access, access):
        messages.success(request, "The review was recorded.")
        return redirect("accounts:emergency_reviews")
    record(EMERGENCY_READ, access.grant, by=access)
    opened = access_report.opened_under(access.grant)
    context: dict[str, Any] = {"grant": access.grant, "form": form, "opened": opened}
    return render(request, "accounts/emergency_review.html", context, status=status_of(form))
