"""Pages of risk reviews in the therapist portal. Patients have none."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.access import POST, page
from accounts.care.access import RecordAccess
from accounts.models import User
from audit.audit_actions import Action
from audit.log import record, record_rows
from sessions_app.audit_actions import (
    RISK_REVIEW_ACKNOWLEDGED,
    RISK_REVIEW_DISPOSED,
    RISK_REVIEW_HANDED_OVER,
    RISK_REVIEW_LISTED,
    RISK_REVIEW_READ,
)
from sessions_app.models import RiskReview
from sessions_app.risk import contexts
from sessions_app.risk.access import open_review, open_review_to_write
from sessions_app.risk.forms import AcknowledgeForm, DisposeForm, HandOverForm
from sessions_app.risk.services import decisions
from therapybridge.core.actor import actor_of
from therapybridge.core.pages.forms import UNPROCESSABLE, submit


@page(RISK_REVIEW_LISTED, User.Role.THERAPIST)
def review_list(request: HttpRequest) -> HttpResponse:
    """List the reviews on the therapist's patients, with chips for what is not closed."""
    context = contexts.list_context(actor_of(request).user, request.GET)
    record_rows(RISK_REVIEW_LISTED, context["page"], by=actor_of(request))
    return render(request, "sessions_app/risk_reviews.html", context)


@page(RISK_REVIEW_READ, User.Role.THERAPIST)
def review_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show the lines, what was done about them, and the history."""
    review, access = open_review(actor_of(request), pk, RISK_REVIEW_READ)
    return _shown(request, review, access)


@page(RISK_REVIEW_ACKNOWLEDGED, User.Role.THERAPIST, methods=POST)
def acknowledge(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say that the lines were seen."""
    done = "You have acknowledged this review. It stays due until you close it."
    return _act(request, pk, RISK_REVIEW_ACKNOWLEDGED, AcknowledgeForm, service=decisions.acknowledge, done=done)


@page(RISK_REVIEW_DISPOSED, User.Role.THERAPIST, methods=POST)
def dispose(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Close the review."""
    done = "The review is closed."
    return _act(request, pk, RISK_REVIEW_DISPOSED, DisposeForm, service=decisions.dispose, done=done)


@page(RISK_REVIEW_HANDED_OVER, User.Role.THERAPIST, methods=POST)
def hand_over(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Make somebody else its owner."""
    done = "The review is handed over. Its new owner has been notified."
    return _act(request, pk, RISK_REVIEW_HANDED_OVER, HandOverForm, service=decisions.hand_over, done=done)


def _act(request: HttpRequest, pk: UUID, action: Action, form_class: Any, *, service: Any, done: str) -> HttpResponse:
    review, access = open_review_to_write(actor_of(request), pk, action)
    form = form_class(request.POST, review=review)
    if submit(form, service, review, access=access):
        messages.success(request, done)
        return redirect(review)
    # The page shows the review as it is now, so that the next attempt builds on that.
    form.data = {**request.POST.dict(), "revision": review.revision}
    return _shown(request, review, access, form)


def _shown(request: HttpRequest, review: RiskReview, access: RecordAccess, refused: Any = None) -> HttpResponse:
    """Also what a refused form shows was read."""
    record(RISK_REVIEW_READ, review, by=access)
    context = contexts.detail_context(review, access, refused)
    return render(request, "sessions_app/risk_review.html", context, status=UNPROCESSABLE if refused else 200)
