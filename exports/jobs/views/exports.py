"""Pages of exports for therapists: asking, looking on, downloading."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from accounts.access import FORM, POST, SAFE, background, page
from accounts.care.access import open_record_to_write
from accounts.models import User
from audit.log import record, record_rows
from exports.audit_actions import (
    EXPORT_CANCELLED,
    EXPORT_DELETED,
    EXPORT_DOWNLOADED,
    EXPORT_LISTED,
    EXPORT_READ,
    EXPORT_REQUESTED,
    EXPORT_RETRIED,
)
from exports.jobs import contexts
from exports.jobs.access import open_export
from exports.jobs.services import control
from exports.jobs.services.requests import preview_export, request_export
from exports.jobs.views.files import file_response
from therapybridge.core.actor import actor_of
from therapybridge.core.errors import Conflict, ConsentRequired, InvalidInput, RateLimited
from therapybridge.core.pages.forms import perform, status_of, submit
from therapybridge.core.pages.polling import STOP_POLLING

THERAPIST = User.Role.THERAPIST
# What the person can put right on the form, or later.
SHOWN = (InvalidInput, Conflict, ConsentRequired, RateLimited)


@page(EXPORT_LISTED, THERAPIST)
def export_list(request: HttpRequest) -> HttpResponse:
    """The therapist's exports, with their progress."""
    by = actor_of(request)
    context = contexts.list_context(by.user, request.GET, request.path)
    record_rows(EXPORT_LISTED, context["page"], by=by)
    return render(request, "exports/exports.html", context)


@page(EXPORT_REQUESTED, THERAPIST, methods=FORM)
def new_export(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Choose, look at what will be in it, and have it made."""
    access = open_record_to_write(actor_of(request), patient_id, EXPORT_REQUESTED)
    if request.method in SAFE:
        form = contexts.form_for(access, initial=contexts.initial_of(request.GET))
        context = contexts.form_context(access, form)
        record(EXPORT_LISTED, by=access, ids=[job.pk for job in context["latest"]])
        return render(request, "exports/new_export.html", context)
    form = contexts.form_for(access, request.POST)
    do = request.POST.get("do")
    if do == "change":
        return render(request, "exports/new_export.html", contexts.form_context(access, form))
    if do == "make":
        if made := submit(form, request_export, access, catch=SHOWN):
            return redirect(made.result)
    elif seen := submit(form, preview_export, access, catch=SHOWN):
        return render(request, "exports/export_preview.html", contexts.form_context(access, form, seen.result))
    return render(request, "exports/new_export.html", contexts.form_context(access, form), status=status_of(form))


@page(EXPORT_READ, THERAPIST)
def export_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """An export: how far it is, what is in it, and what can be done with it."""
    job, access = open_export(actor_of(request), pk, EXPORT_READ)
    record(EXPORT_READ, job, by=access)
    return render(request, "exports/export.html", contexts.detail_context(job))


@background
@page(EXPORT_READ, THERAPIST)
def export_progress(request: HttpRequest, pk: UUID) -> HttpResponse:
    """How far it is, for the page that waits for it."""
    job, access = open_export(actor_of(request), pk, EXPORT_READ)
    record(EXPORT_READ, job, by=access)
    status = 200 if job.is_running else STOP_POLLING
    shown = "exports/_row_state.html" if request.GET.get("in") == "list" else "exports/_progress.html"
    return render(request, shown, contexts.detail_context(job), status=status)


@page(EXPORT_DOWNLOADED, THERAPIST, methods=POST)
def download(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """The file. By POST, since each download goes into the accounting: nothing may fetch it in advance."""
    job, access = open_export(actor_of(request), pk, EXPORT_DOWNLOADED)
    return file_response(job, access)


@page(EXPORT_CANCELLED, THERAPIST, methods=POST)
def cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Stop an export that is not ready yet."""
    job, access = open_export(actor_of(request), pk, EXPORT_CANCELLED)
    perform(request, "The export was cancelled.", control.cancel_export, job, access=access)
    return redirect(job)


@page(EXPORT_RETRIED, THERAPIST, methods=POST)
def retry(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Make a failed export again."""
    job, access = open_export(actor_of(request), pk, EXPORT_RETRIED)
    try:
        perform(request, "The export is being made again.", control.retry_export, job, access=access)
    except ConsentRequired as error:
        messages.error(request, error.detail)
    return redirect(job)


@page(EXPORT_DELETED, THERAPIST, methods=POST)
def delete(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Remove an export with its file."""
    job, access = open_export(actor_of(request), pk, EXPORT_DELETED)
    perform(request, "The export and its file were deleted.", control.delete_export, job, access=access)
    return redirect("exports:list")
