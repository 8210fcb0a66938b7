"""Pages on which patients read the signed notes on them, and the summaries that were shared with them."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.access import page
from accounts.care.access import open_own_record
from accounts.models import User
from audit.log import record
from sessions_app.action_items.contexts import agreed_in
from sessions_app.audit_actions import SIGNED_NOTE_READ, SIGNED_NOTES_LISTED, SUMMARY_LISTED, SUMMARY_READ
from sessions_app.models import SessionNote
from sessions_app.notes.access import open_shared_summary, open_signed_note
from sessions_app.notes.contexts import shared, signed
from sessions_app.notes.contexts.amendments import own_requests
from sessions_app.notes.forms import AskAmendmentForm, DisputeForm
from therapybridge.core.actor import actor_of
from therapybridge.core.pages.forms import status_of


@page(SIGNED_NOTES_LISTED, User.Role.PATIENT)
def signed_notes(request: HttpRequest) -> HttpResponse:
    """All signed notes on the patient, those that are withheld too."""
    access = open_own_record(actor_of(request), SIGNED_NOTES_LISTED)
    context = signed.list_context(access.patient, request.GET)
    record(SIGNED_NOTES_LISTED, by=access, ids=[row.pk for row in context["page"]])
    return render(request, "sessions_app/portal_notes.html", context)


@page(SIGNED_NOTE_READ, User.Role.PATIENT)
def signed_note(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One note in full, or on which ground it is withheld."""
    access = open_own_record(actor_of(request), SIGNED_NOTE_READ)
    note = open_signed_note(access, pk, SIGNED_NOTE_READ)
    record(SIGNED_NOTE_READ, note, by=access)
    return own_note_page(request, note)


@page(SUMMARY_LISTED, User.Role.PATIENT)
def summaries(request: HttpRequest) -> HttpResponse:
    """All summaries that were shared with the patient, and those that were withdrawn."""
    access = open_own_record(actor_of(request), SUMMARY_LISTED)
    context = shared.list_context(access.patient, request.GET)
    record(SUMMARY_LISTED, by=access, ids=[row.pk for row in context["page"]])
    return render(request, "sessions_app/portal_summaries.html", context)


@page(SUMMARY_READ, User.Role.PATIENT)
def summary(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One summary in full, or when it was withdrawn."""
    access = open_own_record(actor_of(request), SUMMARY_READ)
    opened = open_shared_summary(access, pk, SUMMARY_READ)
    record(SUMMARY_READ, opened, by=access)
    context = {"shown": shared.shared_summary(opened), "agreed": agreed_in(access.patient, opened.session)}
    return render(request, "sessions_app/portal_summary.html", context)


def own_note_page(
    request: HttpRequest,
    note: SessionNote,
    ask_form: AskAmendmentForm | None = None,
    dispute_form: DisputeForm | None = None,
) -> HttpResponse:
    """Show the note to its patient, with a form that was refused."""
    sent = ask_form or dispute_form
    context = {
        "shown": signed.note_text(note),
        "amendments": own_requests(note, dispute_form),
        "form": ask_form or AskAmendmentForm(),
    }
    return render(request, "sessions_app/portal_note.html", context, status=status_of(sent) if sent else 200)
