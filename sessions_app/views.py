"""Session pages of the therapist portal. Patients have no pages here."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.forms import Form
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.access import FORM, POST, background, page
from accounts.care.access import RecordAccess, open_record_to_write
from accounts.care.audit_actions import PATIENT_LISTED
from accounts.models import User
from audit.audit_actions import Action
from audit.log import deny, record, record_rows
from audit.services.polls import record_poll
from sessions_app.access import open_session, open_session_to_write
from sessions_app.audit_actions import (
    DRAFTS_EXPLAINED,
    NOTES_PRINTED,
    RECORDING_READ,
    SESSION_CANCELLED,
    SESSION_CREATED,
    SESSION_LISTED,
    SESSION_PROGRESS_READ,
    SESSION_READ,
    SESSION_REDRAFTED,
    SESSION_RETRIED,
    SPEAKERS_IDENTIFIED,
    SPEAKERS_SWAPPED,
    STATEMENT_DELETED,
    STATEMENT_KEPT,
    SUMMARY_APPROVED,
    SUMMARY_DECLINED,
    SUMMARY_WITHDRAWN,
    TODAY_READ,
    TRANSCRIPT_LINES_REASSIGNED,
)
from sessions_app.choices import StatementDecision
from sessions_app.contexts.new_session import new_context
from sessions_app.contexts.progress import progress_context
from sessions_app.contexts.session import page_context, print_context, voices
from sessions_app.contexts.sessions import list_context
from sessions_app.contexts.today import running_sessions, today_context
from sessions_app.forms import LinesForm, NewSessionForm, VoicesForm
from sessions_app.models import TherapySession
from sessions_app.notes.forms import DecisionForm, DeclineForm, SummaryForm, WithdrawForm
from sessions_app.notes.services import decisions, summaries
from sessions_app.pipeline.transcripts import MAX_BYTES
from sessions_app.processing.services import control
from sessions_app.recordings import services as recordings_services
from sessions_app.recordings.views import recording_response
from sessions_app.services import speakers, transcripts
from therapybridge.core.actor import actor_of
from therapybridge.core.errors import DomainError, InvalidInput
from therapybridge.core.http.bodies import takes_file
from therapybridge.core.pages.forms import Done, perform, status_of, submit
from therapybridge.core.pages.fragments import wants_fragment
from therapybridge.core.pages.polling import STOP_POLLING
from therapybridge.core.problems import problem_json


@page(TODAY_READ, User.Role.THERAPIST)
def today(request: HttpRequest) -> HttpResponse:
    """Show latest patients, waiting items and running jobs."""
    context = today_context(actor_of(request).user)
    rows = [*(item.get("row") or item["session"] or item["review"] for item in context["waiting"]), *context["running"]]
    latest = [item["patient"].pk for item in context["latest_patients"]]
    ids = [*(row.pk for row in rows), *latest]
    record(TODAY_READ, by=actor_of(request), ids=ids, among=[*(row.patient_id for row in rows), *latest])
    return render(request, "sessions_app/today.html", context)


@background
@page(SESSION_LISTED, User.Role.THERAPIST)
def running(request: HttpRequest) -> HttpResponse:
    """Running jobs, polled by the Today page, which leaves one audit row; 286 ends it when none is left."""
    rows = list(running_sessions(actor_of(request).user))
    record_poll(SESSION_LISTED, rows, by=actor_of(request), after=[TODAY_READ])
    status = 200 if rows else STOP_POLLING
    return render(request, "sessions_app/_running.html", {"running": rows}, status=status)


@page(SESSION_LISTED, User.Role.THERAPIST)
def session_list(request: HttpRequest) -> HttpResponse:
    """List sessions newest first, with search and status chips."""
    context = list_context(actor_of(request).user, request.GET)
    record_rows(SESSION_LISTED, context["page"], by=actor_of(request))
    template = "sessions_app/_sessions.html" if wants_fragment(request) else "sessions_app/sessions.html"
    return render(request, template, context)


@page(DRAFTS_EXPLAINED, User.Role.THERAPIST)
def about_drafts(request: HttpRequest) -> HttpResponse:
    """Explain how the statements of a draft are checked, and what the phrases to review cannot do."""
    return render(request, "sessions_app/about_drafts.html")


@page(SESSION_READ, User.Role.THERAPIST)
def session_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show player and transcript next to the draft note and the patient's summary."""
    return _session_page(request, *open_session(actor_of(request), pk, SESSION_READ))


def _session_page(
    request: HttpRequest, session: TherapySession, access: RecordAccess, form: SummaryForm | None = None
) -> HttpResponse:
    context = page_context(session, form, request.GET) | {"may_write": access.may_write}
    # A signed note closes its session; the summary can still be shared.
    context["may_correct"] = access.may_write and not (context["note"] and context["note"].is_locked)
    record(SESSION_READ, session, by=access)
    return render(request, "sessions_app/session.html", context, status=status_of(context["form"]))


@background
@page(SESSION_PROGRESS_READ, User.Role.THERAPIST)
def session_progress(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The progress of a running session, polled by its page; it says nothing of the patient and leaves no audit row."""
    session, access = open_session(actor_of(request), pk, SESSION_PROGRESS_READ)
    status = 200 if session.is_running else STOP_POLLING
    context = progress_context(session) | {"may_write": access.may_write, "is_poll": True}
    return render(request, "sessions_app/_progress.html", context, status=status)


@page(RECORDING_READ, User.Role.THERAPIST)
def session_recording(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Stream the recording for the player."""
    return recording_response(request, *open_session(actor_of(request), pk, RECORDING_READ))


@page(NOTES_PRINTED, User.Role.THERAPIST)
def session_print(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a printable page of the draft note."""
    session, access = open_session(actor_of(request), pk, NOTES_PRINTED)
    record(NOTES_PRINTED, session, by=access)
    return render(request, "sessions_app/print.html", print_context(session))


@takes_file(settings.MAX_RECORDING_BYTES)
@page(SESSION_CREATED, User.Role.THERAPIST, methods=FORM, limit="upload")
def new_session(request: HttpRequest) -> HttpResponseBase:
    """Choose a patient, then upload a recording or add a transcript. Scripts get JSON, forms a redirect."""
    user = actor_of(request).user
    if request.method == "POST":
        return _create(request, NewSessionForm(request.POST, request.FILES, user=user))
    chosen = request.GET.get("patient", "")
    form = NewSessionForm(user=user, initial={"patient": chosen})
    record(PATIENT_LISTED, by=actor_of(request), ids=form.patient_ids)
    return _new_page(request, form, chosen)


def _create(request: HttpRequest, form: NewSessionForm) -> HttpResponse:
    _note_stranger(request, form)
    if "application/json" in request.headers.get("Accept", ""):
        return _created_json(request, form)
    if created := submit(form, _start, request, catch=(DomainError,)):
        return redirect(created.result)
    return _new_page(request, form, request.POST.get("patient", ""))


def _created_json(request: HttpRequest, form: NewSessionForm) -> HttpResponse:
    """The response for the upload script."""
    try:
        created = submit(form, _start, request, catch=())
    except DomainError as error:
        return problem_json(request, error)
    if created:
        return JsonResponse({"url": created.result.get_absolute_url()}, status=201)
    errors = {name: [str(text) for text in texts] for name, texts in form.errors.items()}
    return problem_json(request, InvalidInput("Please correct the marked fields.", errors=errors))


def _note_stranger(request: HttpRequest, form: NewSessionForm) -> None:
    """Audit the choice of a patient whom the therapist does not treat; the form itself rejects it."""
    if form.has_error("patient", "invalid_choice"):
        with suppress(ValueError):
            named = UUID(request.POST["patient"])
            deny(SESSION_CREATED, "not_found", by=actor_of(request), patient_id=named)


def _start(
    request: HttpRequest,
    *,
    patient: User,
    session_date: datetime,
    file: UploadedFile[Any] | None,
    transcript_file: UploadedFile[Any] | None,
    transcript_text: str,
) -> TherapySession:
    """Create a session from the recording or the transcript."""
    access = open_record_to_write(actor_of(request), patient.pk, SESSION_CREATED)
    if file is not None:
        return recordings_services.upload_recording(access, session_date, file)
    text, name = transcript_text.encode(), "pasted.txt"
    if transcript_file is not None:
        text, name = transcript_file.read(MAX_BYTES + 1), transcript_file.name or ""
    return transcripts.create_with_transcript(access, session_date, text, name)


def _new_page(request: HttpRequest, form: NewSessionForm, chosen: str) -> HttpResponse:
    context = new_context(actor_of(request).user, form, chosen)
    return render(request, "sessions_app/new.html", context, status=status_of(form))


def _run(request: HttpRequest, pk: UUID, action: Action, service: Callable[..., object], done: str) -> HttpResponse:
    """Run a service on the session, show a message, and redirect to its page."""
    session, access = open_session_to_write(actor_of(request), pk, action)
    perform(request, done, service, session, access=access)
    return redirect("sessions:detail", pk)


@page(SESSION_RETRIED, User.Role.THERAPIST, methods=POST)
def retry(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Continue a failed session where it stopped."""
    return _run(request, pk, SESSION_RETRIED, control.retry_processing, "Processing has resumed.")


@page(SESSION_CANCELLED, User.Role.THERAPIST, methods=POST)
def cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Cancel the processing of a session."""
    return _run(request, pk, SESSION_CANCELLED, control.cancel_processing, "Processing cancelled. Nothing was deleted.")


@page(SESSION_REDRAFTED, User.Role.THERAPIST, methods=POST)
def extract_notes(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Redraft the note."""
    return _run(request, pk, SESSION_REDRAFTED, control.redraft_notes, "The note is being redrafted.")


@page(SPEAKERS_SWAPPED, User.Role.THERAPIST, methods=POST)
def swap_speakers(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Swap therapist and patient in the transcript."""
    return _run(request, pk, SPEAKERS_SWAPPED, speakers.swap_speakers, "The speakers have been swapped.")


@page(SPEAKERS_IDENTIFIED, User.Role.THERAPIST, methods=POST)
def identify_speakers(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say who each voice is; a note that waited for it is drafted."""
    session, access = open_session_to_write(actor_of(request), pk, SPEAKERS_IDENTIFIED)
    form = VoicesForm(request.POST, voices=voices(session))
    done = submit(form, speakers.identify_speakers, session, access=access, catch=(DomainError,))
    return _corrected(request, pk, form, done)


@page(TRANSCRIPT_LINES_REASSIGNED, User.Role.THERAPIST, methods=POST)
def reassign_line(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Correct who said a line."""
    session, access = open_session_to_write(actor_of(request), pk, TRANSCRIPT_LINES_REASSIGNED)
    form = LinesForm(request.POST)
    done = submit(form, speakers.reassign_lines, session, access=access, catch=(DomainError,))
    return _corrected(request, pk, form, done)


def _corrected(request: HttpRequest, pk: UUID, form: Form, done: Done[Any] | None) -> HttpResponse:
    if done:
        messages.success(request, "The transcript has been corrected.")
    else:
        messages.error(request, " ".join(str(text) for texts in form.errors.values() for text in texts))
    tab = "?show=patient" if request.POST.get("show") == "patient" else ""
    return redirect(reverse("sessions:detail", args=[pk]) + tab + "#transcript-title")


@page(STATEMENT_KEPT, User.Role.THERAPIST, methods=POST)
def keep_statement(request: HttpRequest, pk: UUID, statement: str) -> HttpResponse:
    """Keep a statement to check, as the therapist's own sentence."""
    return _decide(request, pk, statement, StatementDecision.KEPT)


@page(STATEMENT_DELETED, User.Role.THERAPIST, methods=POST)
def delete_statement(request: HttpRequest, pk: UUID, statement: str) -> HttpResponse:
    """Delete a statement to check; it stays counted."""
    return _decide(request, pk, statement, StatementDecision.DELETED)


def _decide(request: HttpRequest, pk: UUID, statement: str, decision: StatementDecision) -> HttpResponse:
    action = STATEMENT_KEPT if decision == StatementDecision.KEPT else STATEMENT_DELETED
    session, access = open_session_to_write(actor_of(request), pk, action)
    form = DecisionForm(request.POST)
    version = form.cleaned_data["draft"] if form.is_valid() else 0
    decide = partial(decisions.decide_statement, session, statement, decision, version)
    perform(request, f"The statement was {decision}.", decide, access=access)
    return redirect(reverse("sessions:detail", args=[pk]) + "#to-check")


@page(SUMMARY_APPROVED, User.Role.THERAPIST, methods=POST)
def approve_summary(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Share the summary with the patient, as edited in the form."""
    session, access = open_session_to_write(actor_of(request), pk, SUMMARY_APPROVED)
    form = SummaryForm(request.POST, patient=session.patient)
    if submit(form, summaries.approve_summary, session, access=access):
        messages.success(request, "The summary has been shared.")
        return redirect(session.get_summary_url())
    return _session_page(request, session, access, form)


@page(SUMMARY_DECLINED, User.Role.THERAPIST, methods=POST)
def decline_summary(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Decide not to share the summary; what stands in the form is kept."""
    session, access = open_session_to_write(actor_of(request), pk, SUMMARY_DECLINED)
    form = DeclineForm(request.POST, patient=session.patient)
    if submit(form, summaries.decline_summary, session, access=access):
        messages.success(request, "The summary is not shared. The patient sees nothing of it.")
        return redirect(session.get_summary_url())
    return _session_page(request, session, access, form)


@page(SUMMARY_WITHDRAWN, User.Role.THERAPIST, methods=POST)
def withdraw_summary(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a shared summary back."""
    session, access = open_session_to_write(actor_of(request), pk, SUMMARY_WITHDRAWN)
    form = WithdrawForm(request.POST)
    version = form.cleaned_data["version"] if form.is_valid() else ""
    done = "The summary has been withdrawn. The patient sees that, and no text."
    perform(request, done, summaries.withdraw_summary, session, version, access=access)
    return redirect(session.get_summary_url())
