"""A patient's own copies: made by a request that the practice took up, and downloaded in the portal."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from accounts.access import POST, background, page
from accounts.care.access import RecordAccess, open_own_record
from accounts.models import User
from audit.log import record
from exports.audit_actions import EXPORT_DELETED, EXPORT_DOWNLOADED, EXPORT_LISTED, EXPORT_READ, EXPORT_REQUESTED
from exports.jobs import contexts
from exports.jobs.access import open_export
from exports.jobs.forms import OwnCopyForm
from exports.jobs.services import control
from exports.jobs.services.requests import request_own_copy
from exports.jobs.views.files import file_response
from therapybridge.core.actor import actor_of
from therapybridge.core.errors import InvalidInput, RateLimited
from therapybridge.core.pages.forms import perform, status_of, submit
from therapybridge.core.pages.polling import STOP_POLLING

PATIENT = User.Role.PATIENT


@page(EXPORT_LISTED, PATIENT)
def copies(request: HttpRequest) -> HttpResponse:
    """The patient's copies, and how to get one."""
    return _copies_page(request, open_own_record(actor_of(request), EXPORT_LISTED), OwnCopyForm())


@page(EXPORT_REQUESTED, PATIENT, methods=POST)
def make(request: HttpRequest) -> HttpResponse:
    """Have a copy made."""
    access = open_own_record(actor_of(request), EXPORT_REQUESTED)
    form = OwnCopyForm(request.POST)
    if submit(form, request_own_copy, access, catch=(InvalidInput, RateLimited)):
        return redirect("portal_copies:list")
    return _copies_page(request, access, form)


def _copies_page(request: HttpRequest, access: RecordAccess, form: OwnCopyForm) -> HttpResponse:
    context = contexts.own_context(access, form, request.GET, request.path)
    record(EXPORT_LISTED, by=access, ids=[job.pk for job in context["page"]])
    return render(request, "exports/portal_copies.html", context, status=status_of(form))


@background
@page(EXPORT_READ, PATIENT)
def copy_state(request: HttpRequest, pk: UUID) -> HttpResponse:
    """How far a copy is, for the page that waits for it."""
    job, access = open_export(actor_of(request), pk, EXPORT_READ)
    record(EXPORT_READ, job, by=access)
    status = 200 if job.is_running else STOP_POLLING
    return render(request, "exports/_own_copy.html", {"export": job}, status=status)


@page(EXPORT_DOWNLOADED, PATIENT, methods=POST)
def download(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """The file."""
    job, access = open_export(actor_of(request), pk, EXPORT_DOWNLOADED)
    return file_response(job, access)


@page(EXPORT_DELETED, PATIENT, methods=POST)
def delete(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Remove a copy with its file."""
    job, access = open_export(actor_of(request), pk, EXPORT_DELETED)
    perform(request, "The copy was deleted.", control.delete_export, job, access=access)
    return redirect("portal_copies:list")
