"""Pages of the therapist portal around sessions. A stranger's session is a 404; patients have no pages here."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.access import FORM, POST, actor, background, page, require_therapist
from accounts.models import User
from audit.log import record
from sessions_app import contexts
from sessions_app.access import changeable_session, may_write, visible_session
from sessions_app.forms import NewSessionForm
from sessions_app.models import TherapySession
from sessions_app.notes import services as notes_services
from sessions_app.pipeline.transcript_formats import MAX_BYTES
from sessions_app.processing.services import control
from sessions_app.recordings import services as recordings_services
from sessions_app.recordings.views import recording_response
from sessions_app.services import transcripts
from therapybridge.core.errors import DomainError, InvalidInput
from therapybridge.core.pages.forms import perform
from therapybridge.core.problems import problem_json

STOP_POLLING = 286  # htmx: the answer is final


@page("today.read", User.Role.THERAPIST)
def today(request: HttpRequest) -> HttpResponse:
    """Who is next, what waits, what runs."""
    context = contexts.today_context(actor(request))
    shown = [item["session"].pk for item in context["waiting"]] + [session.pk for session in context["running"]]
    shown += [item["patient"].pk for item in context["latest_patients"]]
    record("today.read", by=request.user, ids=shown, request=request)
    return render(request, "sessions_app/today.html", context)


@background
@page("session.listed", User.Role.THERAPIST)
def running(request: HttpRequest) -> HttpResponse:
    """The running jobs, polled by the dashboard; 286 ends the polling when none is left."""
    rows = list(contexts.running_sessions(actor(request)))
    record("session.listed", by=request.user, ids=[row.pk for row in rows], request=request)
    status = 200 if rows else STOP_POLLING
    return render(request, "sessions_app/_running.html", {"running": rows}, status=status)


@page("session.listed", User.Role.THERAPIST)
def session_list(request: HttpRequest) -> HttpResponse:
    """All sessions of one's patients, newest first, with search and status chips."""
    context = contexts.list_context(actor(request), request.GET)
    record("session.listed", by=request.user, ids=[row.pk for row in context["page"]], request=request)
    # Boosted or restored navigation wants the whole page.
    fragment = getattr(request, "htmx", False) and not request.htmx.history_restore_request  # type: ignore[attr-defined]
    return render(request, "sessions_app/_sessions.html" if fragment else "sessions_app/sessions.html", context)


@page("session.read", User.Role.THERAPIST)
def session_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The heart: player and transcript beside the draft note and the patient's summary."""
    session = visible_session(request, pk, "session.read")
    context = contexts.detail_context(session) | {"may_write": may_write(request, session)}
    record("session.read", by=request.user, target=session, request=request)
    return render(request, "sessions_app/session.html", context)


@background
@page("session.progress.read", User.Role.THERAPIST)
def session_progress(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The steps of a running session, polled by its page."""
    session = visible_session(request, pk, "session.progress.read")
    record("session.progress.read", by=request.user, target=session, request=request)
    status = 200 if session.is_running else STOP_POLLING
    context = contexts.progress_context(session) | {"may_write": may_write(request, session)}
    return render(request, "sessions_app/_progress.html", context, status=status)


@page("recording.read", User.Role.THERAPIST)
def session_recording(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """The audio for the player."""
    return recording_response(request, visible_session(request, pk, "recording.read"), by=actor(request))


@page("notes.printed", User.Role.THERAPIST)
def session_print(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The draft note as a printed page."""
    session = visible_session(request, pk, "notes.printed")
    context = contexts.detail_context(session)
    record("notes.printed", by=request.user, target=session, request=request)
    return render(request, "sessions_app/print.html", context)


@page("session.created", User.Role.THERAPIST, methods=FORM, limit="upload")
def new_session(request: HttpRequest) -> HttpResponseBase:
    """Choose a patient, then upload a recording or add a transcript. Scripts ask for JSON, forms are redirected."""
    if request.method == "POST":
        return _create(request)
    form = NewSessionForm(user=actor(request), initial={"patient": request.GET.get("patient")})
    record("patient.listed", by=request.user, ids=form.patient_ids, request=request)
    return _new_page(request, form, request.GET.get("patient", ""))


def _create(request: HttpRequest) -> HttpResponse:
    form = NewSessionForm(request.POST, request.FILES, user=actor(request))
    if not form.is_valid():
        _note_stranger(request, form)
        return _refused(request, form, None)
    try:
        session = _start(request, form.cleaned_data)
    except DomainError as error:
        return _refused(request, form, error)
    if _wants_json(request):
        return JsonResponse({"url": session.get_absolute_url()}, status=201)
    return redirect(session)


def _note_stranger(request: HttpRequest, form: NewSessionForm) -> None:
    """A patient who is not the therapist's to choose is refused by the form, and on record like any other refusal."""
    if form.has_error("patient", "invalid_choice"):
        with suppress(ValueError):
            named = UUID(request.POST["patient"])
            record(
                "session.created",
                by=request.user,
                patient_id=named,
                outcome="denied",
                reason="not_found",
                request=request,
            )


def _start(request: HttpRequest, data: dict[str, Any]) -> TherapySession:
    """The recording's own path, or a session with the transcript that was given."""
    patient, date = data["patient"], data["session_date"]
    user = require_therapist(request, "session.created", patient.pk)
    if data.get("file") is not None:
        return recordings_services.upload_recording(patient, date, data["file"], by=user, request=request)
    upload = data.get("transcript_file")
    text, name = (
        (upload.read(MAX_BYTES + 1), upload.name) if upload else (data["transcript_text"].encode(), "pasted.txt")
    )
    return transcripts.create_with_transcript(patient, date, text, name, by=user, request=request)


def _refused(request: HttpRequest, form: NewSessionForm, error: DomainError | None) -> HttpResponse:
    if error is not None:
        told = {name: list(texts) for name, texts in (error.errors or {}).items() if name in form.fields}
        form.add_error(None, ValidationError(told or [error.detail]))
    error = error or InvalidInput("Please correct the marked fields.")
    error.errors = {name: [str(text) for text in texts] for name, texts in form.errors.items()}
    if _wants_json(request):
        return problem_json(request, error)
    return _new_page(request, form, request.POST.get("patient", ""), status=error.status)


def _new_page(request: HttpRequest, form: NewSessionForm, chosen: str, status: int = 200) -> HttpResponse:
    context = contexts.new_context(actor(request), form, chosen)
    return render(request, "sessions_app/new.html", context, status=status)


def _wants_json(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")


def _act(
    request: HttpRequest,
    pk: UUID,
    action: str,
    service: Callable[..., object],
    done: str,
    *,
    anchor: str = "",
    **given: Any,
) -> HttpResponse:
    """Run a service on the session, tell how it went, and go back to its page."""
    session = changeable_session(request, pk, action)
    perform(request, done, service, session, by=actor(request), request=request, **given)
    return redirect(reverse("sessions:detail", args=[pk]) + anchor)


@page("session.retried", User.Role.THERAPIST, methods=POST)
def retry(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take up a failed session where it stopped."""
    return _act(request, pk, "session.retried", control.retry_processing, "Trying again.")


@page("session.cancelled", User.Role.THERAPIST, methods=POST)
def cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Stop the work on a session."""
    return _act(request, pk, "session.cancelled", control.cancel_processing, "Stopped. What was recorded is kept.")


@page("session.redrafted", User.Role.THERAPIST, methods=POST)
def extract_notes(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Draft the note again."""
    return _act(request, pk, "session.redrafted", control.redraft_notes, "Drafting the note again.")


@page("transcript.speakers_swapped", User.Role.THERAPIST, methods=POST)
def swap_speakers(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Exchange therapist and patient in the transcript."""
    done = "The speakers were swapped. Draft the note again to use the change."
    return _act(request, pk, "transcript.speakers_swapped", transcripts.swap_speakers, done)


@page("summary.approved", User.Role.THERAPIST, methods=POST)
def approve_summary(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Share the summary with the patient, as it stands in the form."""
    done, text = "Shared. The patient can read it now.", request.POST.get("text", "")
    return _act(
        request, pk, "summary.approved", notes_services.approve_summary, done, anchor="#patient-summary", text=text
    )
