"""Check-ins of patients: the portal only shows, and the page of a link takes the answers."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import FORM, POST, page
from accounts.care.access import RecordAccess, open_own_record
from accounts.models import User
from audit.log import record
from therapybridge.core import limits, links
from therapybridge.core.actor import actor_of
from therapybridge.core.errors import Conflict, InvalidInput
from therapybridge.core.pages.forms import status_of, submit
from treatment.models import FormLink
from treatment.patient_forms.access import NobodyTreats, open_form, require_reader
from treatment.patient_forms.services.links import create_link
from treatment.tracking.audit_actions import CHECK_IN_OPENED, REMINDERS_CHANGED, TRACKER_LISTED
from treatment.tracking.contexts import asked_of, portal_context, reminders_context
from treatment.tracking.forms import CheckInForm, RemindersForm
from treatment.tracking.services.check_ins import check_in_by_link, was_sent
from treatment.tracking.services.reminders import patient_of_link, preference_of, set_reminders

PATIENT = User.Role.PATIENT


@page(TRACKER_LISTED, PATIENT)
def portal_check_ins(request: HttpRequest) -> HttpResponse:
    """What the patient is asked, and their own values."""
    access = open_own_record(actor_of(request), TRACKER_LISTED)
    context = portal_context(access.patient)
    record(TRACKER_LISTED, by=access, ids=[one.tracker.pk for one in context["asked"]])
    return render(request, "treatment/portal_check_ins.html", context)


@page(CHECK_IN_OPENED, PATIENT, methods=POST)
def begin(request: HttpRequest) -> HttpResponse:
    """Lead to a page of its own, which takes the answers once."""
    access = open_own_record(actor_of(request), CHECK_IN_OPENED)
    return redirect("check_in", create_link(access, FormLink.Purpose.CHECK_IN, access.patient.pk))


@page(REMINDERS_CHANGED, PATIENT, methods=FORM)
def reminders(request: HttpRequest) -> HttpResponse:
    """Show and change whether and when the patient is reminded."""
    access = open_own_record(actor_of(request), REMINDERS_CHANGED)
    held = preference_of(access.patient)
    form = RemindersForm(
        request.POST or None, initial={name: getattr(held, name) for name in RemindersForm.base_fields}
    )
    if submit(form, set_reminders, access.patient, by=access.reader):
        messages.success(request, "Saved.")
        return redirect("reminders:own")
    context = {"form": form, "reminders": reminders_context(access.patient)}
    return render(request, "treatment/reminders.html", context, status=status_of(form))


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def check_in(request: HttpRequest, secret: str) -> HttpResponse:
    """Show the questions and take the answers; only they use the link up."""
    by = actor_of(request)
    limits.check("signing", f"ip:{by.network}")
    link, access = open_form(by, secret, FormLink.Purpose.CHECK_IN)
    form = CheckInForm(request.POST or None, trackers=[one.tracker for one in asked_of(access.patient)])
    if link.state != "open":
        return _too_late(request, access, link, form)
    try:
        require_reader(access.patient)
        done = submit(form, check_in_by_link, access, link)
    except NobodyTreats:
        return render(request, "treatment/unread.html", {"clinic": access.patient.clinic}, status=Conflict.status)
    except links.LinkGone:  # it has ended since it was looked at
        return _too_late(request, access, link, form)
    return redirect("check_in_sent") if done else _form_page(request, access, form)


def _too_late(request: HttpRequest, access: RecordAccess, link: FormLink, form: CheckInForm) -> HttpResponse:
    """What is sent twice counts once; of all else that comes through an ended link, the page says that it was not."""
    if request.method != "POST":
        raise links.LinkGone
    came_before = was_sent(link)
    if came_before and submit(form, check_in_by_link, access, link, catch=(Conflict, InvalidInput)):
        return redirect("check_in_sent")
    return render(request, "treatment/check_in_not_sent.html", {"came_before": came_before}, status=Conflict.status)


def _form_page(request: HttpRequest, access: RecordAccess, form: CheckInForm) -> HttpResponse:
    record(CHECK_IN_OPENED, access.patient, by=access)
    context = {"form": form, "clinic": access.patient.clinic, "first_name": access.patient.first_name}
    return render(request, "treatment/check_in.html", context, status=status_of(form))


@require_safe
def check_in_sent(request: HttpRequest) -> HttpResponse:
    """The thank-you page; it contains no personal data."""
    return render(request, "treatment/check_in_sent.html")


@require_http_methods(["GET", "HEAD", "POST"])
def stop_reminders(request: HttpRequest, secret: str) -> HttpResponse:
    """Ask, and stop on a POST only, so that programs which open links in e-mails change nothing."""
    by = actor_of(request)
    limits.check("signing", f"ip:{by.network}")
    patient = patient_of_link(secret)
    if request.method == "POST":
        set_reminders(patient, wants_reminders=False, by=by.acting_as(None))
    return render(request, "treatment/stop_reminders.html", {"is_stopped": request.method == "POST"})
