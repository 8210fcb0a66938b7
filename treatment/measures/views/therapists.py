"""Pages of questionnaires in the therapists' portal."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.access import FORM, POST, page
from accounts.care.access import RecordAccess, open_record, open_record_to_write
from accounts.models import User
from audit.log import record
from therapybridge.core.actor import actor_of
from therapybridge.core.errors import NotFound
from therapybridge.core.pages.forms import perform, status_of, submit
from treatment.instruments import INSTRUMENTS
from treatment.measures.access import (
    open_assignment,
    open_assignment_to_write,
    open_result,
    open_result_to_write,
    open_schedule_to_write,
)
from treatment.measures.audit_actions import (
    MEASURE_ASSIGNED,
    MEASURE_CANCELLED,
    MEASURE_LISTED,
    MEASURE_OPENED,
    MEASURE_READ,
    MEASURE_TAKEN,
    MEASURE_UNSCHEDULED,
    MEASURE_WITHDRAWN,
)
from treatment.measures.contexts import pages
from treatment.measures.forms import AssignForm, TakeForm, WithdrawForm
from treatment.measures.services.assigning import cancel_assignment, end_schedule, give_out
from treatment.measures.services.results import Filled, take_with_patient
from treatment.measures.services.withdrawing import withdraw_result
from treatment.models import MeasureResult


@page(MEASURE_LISTED, User.Role.THERAPIST)
def measure_list(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """A patient's questionnaires: what waits, what is scheduled, and the results over time."""
    access = open_record(actor_of(request), patient_id, MEASURE_LISTED)
    context = pages.list_context(access, request.GET, request.path)
    record(MEASURE_LISTED, by=access, ids=[row.pk for row in context["page"]])
    return render(request, "treatment/measures.html", context)


@page(MEASURE_ASSIGNED, User.Role.THERAPIST, methods=FORM)
def assign(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Assign a questionnaire, once or every so many days."""
    access = open_record_to_write(actor_of(request), patient_id, MEASURE_ASSIGNED)
    form = AssignForm(request.POST or None, initial={"due_date": access.patient.clinic_day})
    if submit(form, give_out, access):
        messages.success(request, "The questionnaire was assigned.")
        return redirect("measures:list", patient_id)
    record(MEASURE_LISTED, by=access)
    context = {"form": form, "patient": access.patient}
    return render(request, "treatment/measure_assign.html", context, status=status_of(form))


@page(MEASURE_TAKEN, User.Role.THERAPIST, methods=FORM)
def take(request: HttpRequest, patient_id: UUID, key: str) -> HttpResponse:
    """Fill in a questionnaire with the patient, or enter its total."""
    access = open_record_to_write(actor_of(request), patient_id, MEASURE_TAKEN)
    if key not in INSTRUMENTS:
        raise NotFound("This questionnaire does not exist.")
    instrument, whose = INSTRUMENTS[key], {"patient": access.patient, "reader": access.user}
    initial = {"taken_date": access.patient.clinic_day, "session": request.GET.get("session")}
    form = TakeForm(request.POST or None, instrument=instrument, initial=initial, **whose)
    if done := submit(form, _take, access, instrument=key):
        messages.success(request, "The questionnaire was recorded.")
        return redirect("measures:detail", done.result.pk)
    record(MEASURE_OPENED, by=access)
    context = pages.take_context(access, instrument, form)
    return render(request, "treatment/measure_take.html", context, status=status_of(form))


def _take(access: RecordAccess, **given: Any) -> MeasureResult:
    return take_with_patient(access, Filled(**given))


@page(MEASURE_READ, User.Role.THERAPIST)
def measure_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a result with all answers."""
    result, access = open_result(actor_of(request), pk, MEASURE_READ)
    record(MEASURE_READ, result, by=access)
    return render(request, "treatment/measure.html", pages.detail_context(result, access))


@page(MEASURE_WITHDRAWN, User.Role.THERAPIST, methods=POST)
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Withdraw a mistake."""
    result, access = open_result_to_write(actor_of(request), pk, MEASURE_WITHDRAWN)
    form = WithdrawForm(request.POST)
    if submit(form, withdraw_result, result, access=access):
        messages.success(request, "The result was withdrawn. It no longer counts.")
        return redirect("measures:detail", pk)
    record(MEASURE_READ, result, by=access)
    context = pages.detail_context(result, access, form)
    return render(request, "treatment/measure.html", context, status=status_of(form))


@page(MEASURE_LISTED, User.Role.THERAPIST)
def of_assignment(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Lead from a risk review to the questionnaires of the patient who sent an answer that was not recorded."""
    assignment, _ = open_assignment(actor_of(request), pk, MEASURE_LISTED)
    return redirect("measures:list", assignment.patient_id)


@page(MEASURE_CANCELLED, User.Role.THERAPIST, methods=POST)
def cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take back a questionnaire that waits."""
    assignment, access = open_assignment_to_write(actor_of(request), pk, MEASURE_CANCELLED)
    perform(request, "The questionnaire was cancelled.", cancel_assignment, assignment, access=access)
    return redirect("measures:list", assignment.patient_id)


@page(MEASURE_UNSCHEDULED, User.Role.THERAPIST, methods=POST)
def unschedule(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End a schedule; what waits stays."""
    schedule, access = open_schedule_to_write(actor_of(request), pk, MEASURE_UNSCHEDULED)
    perform(request, "The schedule has ended.", end_schedule, schedule, access=access)
    return redirect("measures:list", schedule.patient_id)
