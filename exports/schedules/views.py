"""Pages of scheduled exports."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.access import FORM, POST, page
from accounts.care.access import open_record_to_write
from accounts.models import User
from audit.log import record
from exports.layouts.models import ExportLayout
from exports.schedules import audit_actions as actions
from exports.schedules.access import open_schedule
from exports.schedules.forms import ScheduleForm
from exports.schedules.models import ExportSchedule
from exports.schedules.services.schedules import create_schedule, end_schedule
from therapybridge.core.actor import actor_of
from therapybridge.core.pages.forms import perform, status_of, submit
from therapybridge.core.pages.lists import Listing

THERAPIST = User.Role.THERAPIST
SCHEDULES, MADE = Listing(order=("-id",)), Listing(order=("-number",))


@page(actions.SCHEDULE_LISTED, THERAPIST)
def schedule_list(request: HttpRequest) -> HttpResponse:
    """The therapist's own schedules."""
    by = actor_of(request)
    rows = ExportSchedule.objects.visible_to(by.user).select_related("patient", "owner")
    listed = SCHEDULES.page(rows, request.GET, reverse("export_schedules:list"))
    record(actions.SCHEDULE_LISTED, by=by, ids=[row.pk for row in listed])
    return render(request, "exports/schedules.html", {"page": listed})


@page(actions.SCHEDULE_CREATED, THERAPIST, methods=FORM)
def new_schedule(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Schedule exports of a patient's record."""
    by = actor_of(request)
    access = open_record_to_write(by, patient_id, actions.SCHEDULE_CREATED)
    form = ScheduleForm(request.POST or None, layouts=ExportLayout.objects.visible_to(by.user))
    if done := submit(form, create_schedule, access):
        messages.success(request, "The exports are scheduled.")
        return redirect("export_schedules:detail", done.result.pk)
    record(actions.SCHEDULE_READ, by=access)
    return render(
        request, "exports/new_schedule.html", {"form": form, "patient": access.patient}, status=status_of(form)
    )


@page(actions.SCHEDULE_READ, THERAPIST)
def schedule_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A schedule, and what it had made."""
    schedule, access = open_schedule(actor_of(request), pk, actions.SCHEDULE_READ)
    made = MADE.page(schedule.occurrences.select_related("job"), request.GET, request.path)
    record(actions.SCHEDULE_READ, schedule, by=access, ids=[row.pk for row in made])
    return render(request, "exports/schedule.html", {"schedule": schedule, "patient": access.patient, "page": made})


@page(actions.SCHEDULE_ENDED, THERAPIST, methods=POST)
def end(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Make no more exports."""
    schedule, access = open_schedule(actor_of(request), pk, actions.SCHEDULE_ENDED)
    perform(request, "No more exports are made. Those that were made stay.", end_schedule, schedule, by=access)
    return redirect("export_schedules:detail", pk)
