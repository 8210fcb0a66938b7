"""Giving out questionnaires: once, or every so many days."""

from datetime import date, timedelta

from django.utils import timezone

from accounts.care.access import RecordAccess
from accounts.models import User
from audit.log import record
from therapybridge.core.errors import Conflict, InvalidInput
from treatment.instruments import INSTRUMENTS, Instrument
from treatment.measures.audit_actions import (
    MEASURE_ASSIGNED,
    MEASURE_CANCELLED,
    MEASURE_SCHEDULED,
    MEASURE_UNSCHEDULED,
)
from treatment.measures.services.schedules import assign_due_of
from treatment.models import MeasureAssignment, MeasureSchedule
from treatment.patient_forms.choices import FormPurpose
from treatment.patient_forms.services.links import end_links

LONGEST_WAIT = 366  # days until a questionnaire is due, and between two of a schedule
ALREADY_OPEN = "This questionnaire waits to be filled in already."


def assign(access: RecordAccess, *, instrument: str, due_date: date) -> MeasureAssignment:
    """Ask the patient for a questionnaire by a day of the clinic; Conflict while the same one waits already."""
    patient = access.patient
    access.require_write(patient.pk)
    chosen = _assignable(instrument)
    _require_date(patient, due_date, "due_date")
    with patient.locked():
        if MeasureAssignment.objects.open().filter(patient=patient, instrument=chosen.key).exists():
            raise Conflict(ALREADY_OPEN, code="measure_already_assigned")
        assignment: MeasureAssignment = MeasureAssignment.objects.create(
            patient=patient,
            instrument=chosen.key,
            instrument_version=chosen.version,
            due_date=due_date,
            assigned_by=access.user,
        )
        record(MEASURE_ASSIGNED, assignment, by=access)
    return assignment


def give_out(access: RecordAccess, *, instrument: str, due_date: date, every_days: int | None = None) -> None:
    """Ask once, or every so many days from that day on."""
    if every_days:
        start_schedule(access, instrument=instrument, every_days=every_days, first_due_date=due_date)
    else:
        assign(access, instrument=instrument, due_date=due_date)


def cancel_assignment(assignment: MeasureAssignment, *, access: RecordAccess) -> MeasureAssignment:
    """Take back an open questionnaire; Conflict (`measure_not_open`) if it was filled in or cancelled before."""
    access.require_write(assignment.patient_id)
    with access.patient.locked():
        assignment.refresh_from_db(fields=["status"])
        if not assignment.is_open:  # only withdrawing its result takes back what was filled in
            now = assignment.get_status_display().lower()
            raise Conflict(f"This questionnaire is {now}.", code="measure_not_open")
        assignment.move_to(MeasureAssignment.Status.CANCELLED, action=MEASURE_CANCELLED, by=access)
        end_links(access, FormPurpose.MEASURE, [assignment.pk])
    return assignment


def start_schedule(access: RecordAccess, *, instrument: str, every_days: int, first_due_date: date) -> MeasureSchedule:
    """Ask for a questionnaire every so many days, from a day of the clinic on; Conflict if it is scheduled already."""
    patient = access.patient
    access.require_write(patient.pk)
    chosen = _assignable(instrument)
    _require_date(patient, first_due_date, "first_due_date")
    if not 1 <= every_days <= LONGEST_WAIT:
        raise InvalidInput(errors={"every_days": [f"Choose between 1 and {LONGEST_WAIT} days."]})
    with patient.locked():
        if MeasureSchedule.objects.running().filter(patient=patient, instrument=chosen.key).exists():
            raise Conflict(
                "This questionnaire is scheduled already. End that schedule first.", code="already_scheduled"
            )
        schedule: MeasureSchedule = MeasureSchedule.objects.create(
            patient=patient,
            instrument=chosen.key,
            every_days=every_days,
            next_due_date=first_due_date,
            set_by=access.user,
        )
        record(MEASURE_SCHEDULED, schedule, by=access)
        assign_due_of(schedule, by=access.reader)
    return schedule


def end_schedule(schedule: MeasureSchedule, *, access: RecordAccess) -> MeasureSchedule:
    """Ask no more; what waits already stays. Conflict if it has ended."""
    access.require_write(schedule.patient_id)
    with access.patient.locked():
        if not MeasureSchedule.objects.running().filter(pk=schedule.pk).update(ended_at=timezone.now()):
            raise Conflict("This schedule has ended already.", code="schedule_ended")
        record(MEASURE_UNSCHEDULED, schedule, by=access, changed=["ended_at"])
    schedule.refresh_from_db()
    return schedule


def _assignable(key: str) -> Instrument:
    instrument = INSTRUMENTS.get(key)
    if instrument is None:
        raise InvalidInput(errors={"instrument": ["Choose a questionnaire."]})
    if instrument.is_entry_only:
        raise InvalidInput(errors={"instrument": [f"Of the {instrument.name}, only the total can be entered."]})
    return instrument


def _require_date(patient: User, day: date, field: str) -> None:
    today = patient.clinic_day
    if not today <= day <= today + timedelta(days=LONGEST_WAIT):
        raise InvalidInput(errors={field: ["Choose a day from today on, within a year."]})
