"""Corrections of signed notes: patients ask and disagree, therapists answer."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.access import POST, page
from accounts.care.access import open_own_record
from accounts.models import User
from audit.audit_actions import Action
from sessions_app.audit_actions import (
    AMENDMENT_ACCEPTED,
    AMENDMENT_ASKED,
    AMENDMENT_DENIED,
    AMENDMENT_DISPUTED,
    AMENDMENT_EXTENDED,
)
from sessions_app.notes.access import handled_amendment, open_signed_note, own_amendment
from sessions_app.notes.forms import (
    AcceptAmendmentForm,
    AskAmendmentForm,
    DenyAmendmentForm,
    DisputeForm,
    ExtendAmendmentForm,
)
from sessions_app.notes.services import amendments
from sessions_app.notes.views.notes import note_page
from sessions_app.notes.views.portal import own_note_page
from therapybridge.core.actor import actor_of
from therapybridge.core.pages.forms import submit


@page(AMENDMENT_ASKED, User.Role.PATIENT, methods=POST)
def ask(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask for a correction of a signed note."""
    access = open_own_record(actor_of(request), AMENDMENT_ASKED)
    note, form = open_signed_note(access, pk, AMENDMENT_ASKED), AskAmendmentForm(request.POST)
    if submit(form, amendments.ask_amendment, note, access=access):
        messages.success(request, "Your request was sent. You will get an answer within 60 days.")
        return redirect("portal_notes:detail", pk)
    return own_note_page(request, note, ask_form=form)


@page(AMENDMENT_DISPUTED, User.Role.PATIENT, methods=POST)
def dispute(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Add a statement of disagreement to a denied request."""
    asked, access = own_amendment(actor_of(request), pk, AMENDMENT_DISPUTED)
    form = DisputeForm(request.POST, asked=asked)
    if submit(form, amendments.dispute_denial, asked, access=access):
        messages.success(request, "Your statement stands with the note from now on.")
        return redirect(asked.url_on("portal_notes:detail"))
    note = open_signed_note(access, asked.note_id, AMENDMENT_DISPUTED)
    return own_note_page(request, note, dispute_form=form)


@page(AMENDMENT_ACCEPTED, User.Role.THERAPIST, methods=POST, step_up=True)
def accept(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Correct the note by an addendum."""
    told = "The addendum is signed and stands below the note. The patient has been notified."
    return _answer(request, pk, AMENDMENT_ACCEPTED, AcceptAmendmentForm, service=amendments.accept_amendment, told=told)


@page(AMENDMENT_DENIED, User.Role.THERAPIST, methods=POST)
def deny(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Deny the correction, with a reason."""
    told = "The request is denied. The patient has been notified and can add a statement."
    return _answer(request, pk, AMENDMENT_DENIED, DenyAmendmentForm, service=amendments.deny_amendment, told=told)


@page(AMENDMENT_EXTENDED, User.Role.THERAPIST, methods=POST)
def extend(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put off the answer by thirty days."""
    told = "The answer is put off by 30 days. The patient has been notified."
    return _answer(request, pk, AMENDMENT_EXTENDED, ExtendAmendmentForm, service=amendments.extend_amendment, told=told)


def _answer(
    request: HttpRequest, pk: UUID, action: Action, form_class: Any, *, service: Any, told: str
) -> HttpResponse:
    asked, access = handled_amendment(actor_of(request), pk, action)
    form = form_class(request.POST, asked=asked)
    if submit(form, service, asked, access=access):
        messages.success(request, told)
        return redirect(asked.url_on("notes:detail"))
    return note_page(request, asked.note, access, answer_form=form)
