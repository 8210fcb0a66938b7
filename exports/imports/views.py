"""Pages of imports: uploading a record, looking at what is in it, having it taken in."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.access import FORM, POST, SAFE, background, page
from accounts.care.access import open_record
from accounts.models import User
from audit.log import record
from exports.imports import contexts
from exports.imports.access import open_import
from exports.imports.audit_actions import (
    IMPORT_CANCELLED,
    IMPORT_CONFIRMED,
    IMPORT_LISTED,
    IMPORT_READ,
    IMPORT_UPLOADED,
    ORIGIN_READ,
)
from exports.imports.forms import UploadForm
from exports.imports.services.reading import MAX_BYTES
from exports.imports.services.requests import confirm_import, discard_import, upload_import
from sessions_app.notes.access import open_note
from therapybridge.core.actor import actor_of
from therapybridge.core.errors import InvalidInput, RateLimited, TooLarge, Unprocessable
from therapybridge.core.http.bodies import takes_file
from therapybridge.core.pages.forms import perform, status_of, submit
from therapybridge.core.pages.fragments import wants_fragment
from therapybridge.core.pages.polling import STOP_POLLING

THERAPIST = User.Role.THERAPIST
SHOWN = (InvalidInput, TooLarge, Unprocessable, RateLimited)


@page(IMPORT_LISTED, THERAPIST)
def import_list(request: HttpRequest) -> HttpResponse:
    """The therapist's imports, and where another one begins."""
    by = actor_of(request)
    context = contexts.list_context(by.user, request.GET, request.path)
    record(IMPORT_LISTED, by=by, ids=[row.pk for row in context["page"]])
    return render(request, "exports/imports.html", context)


@takes_file(MAX_BYTES)
@page(IMPORT_UPLOADED, THERAPIST, methods=FORM)
def new_import(request: HttpRequest) -> HttpResponse:
    """Upload a file."""
    by = actor_of(request)
    if request.method in SAFE:
        return render(request, "exports/new_import.html", {"form": UploadForm()})
    form = UploadForm(request.POST, request.FILES)
    if made := submit(form, upload_import, by=by, catch=SHOWN):
        return redirect(made.result)
    return render(request, "exports/new_import.html", {"form": form}, status=status_of(form))


@page(IMPORT_READ, THERAPIST)
def import_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What is in the file, and what can be done with it."""
    by = actor_of(request)
    job = open_import(by, pk, IMPORT_READ)
    record(IMPORT_READ, job, by=by)
    return render(request, "exports/import.html", contexts.detail_context(job, by.user))


@background
@page(IMPORT_READ, THERAPIST)
def import_progress(request: HttpRequest, pk: UUID) -> HttpResponse:
    """How far it is, for the page that waits for it."""
    by = actor_of(request)
    job = open_import(by, pk, IMPORT_READ)
    record(IMPORT_READ, job, by=by)
    status = 200 if job.is_running else STOP_POLLING
    return render(request, "exports/_import_state.html", contexts.detail_context(job, by.user), status=status)


@page(ORIGIN_READ, THERAPIST)
def patient_origin(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Where an imported record comes from: a card on the patient's page, and a page of its own without scripts."""
    access = open_record(actor_of(request), patient_id, ORIGIN_READ)
    record(ORIGIN_READ, by=access)
    return _card(request, contexts.patient_origin_context(access))


@page(ORIGIN_READ, THERAPIST)
def note_origin(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Where an imported note comes from, and who signed it there."""
    note, access = open_note(actor_of(request), pk, ORIGIN_READ)
    record(ORIGIN_READ, note, by=access)
    return _card(request, contexts.note_origin_context(note, access))


def _card(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    return render(request, "exports/_origin.html" if wants_fragment(request) else "exports/origin.html", context)


@page(IMPORT_CONFIRMED, THERAPIST, methods=POST)
def confirm(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Have it taken in."""
    by = actor_of(request)
    job = open_import(by, pk, IMPORT_CONFIRMED)
    perform(request, "The record is being taken in.", confirm_import, job, by=by)
    return redirect(job)


@page(IMPORT_CANCELLED, THERAPIST, methods=POST)
def discard(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Discard the file."""
    by = actor_of(request)
    job = open_import(by, pk, IMPORT_CANCELLED)
    perform(request, "The file was discarded.", discard_import, job, by=by)
    return redirect("imports:list")
