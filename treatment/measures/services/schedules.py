"""Turning the due dates of schedules into questionnaires that wait."""

from datetime import date, timedelta
from functools import partial

import structlog
from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.models import TherapistPatient
from audit.log import record
from therapybridge.core.actor import Actor
from therapybridge.core.batches import each_alone
from therapybridge.core.models import short_id
from treatment.instruments import INSTRUMENTS
from treatment.measures.audit_actions import MEASURE_ASSIGNED, MEASURE_UNSCHEDULED
from treatment.models import MeasureAssignment, MeasureSchedule

log = structlog.get_logger(__name__)
BATCH = 500
AHEAD = timedelta(days=1)  # the earliest zone is a day before the latest


def assign_due(*, by: Actor) -> int:
    """Give out what is due on the day of each clinic; returns how many. What was done is not done again.

    Patients whose account is closed, and those whom nobody treats, are left out. RowsFailed, once all others were given
    out, if it failed for some.
    """
    treated = TherapistPatient.objects.active().filter(patient=OuterRef("patient"))
    due = MeasureSchedule.objects.running().filter(
        Exists(treated), patient__is_active=True, next_due_date__lte=timezone.now().date() + AHEAD
    )
    rows = due.select_related("patient__clinic").order_by("next_due_date", "id")
    return each_alone(rows[:BATCH], partial(_assign_known, by=by), event="measure_not_assigned")


def _assign_known(schedule: MeasureSchedule, *, by: Actor) -> bool:
    """End a schedule of a questionnaire that does not exist any more, so that it keeps no other one waiting."""
    if schedule.instrument in INSTRUMENTS:
        return assign_due_of(schedule, by=by)
    with schedule.patient.locked():
        if MeasureSchedule.objects.running().filter(pk=schedule.pk).update(ended_at=timezone.now()):
            log.warning("measure_schedule_of_unknown_questionnaire", schedule=short_id(schedule.pk))
            record(MEASURE_UNSCHEDULED, schedule, by=by, changed=["ended_at"])
    return False


def assign_due_of(schedule: MeasureSchedule, *, by: Actor) -> bool:
    """Give out the questionnaire if its date has come, and set the next date; whether it was given out.

    After an outage only the latest date counts, and none while the same questionnaire still waits: nobody should find
    several of it.
    """
    patient, instrument = schedule.patient, INSTRUMENTS[schedule.instrument]
    with patient.locked():
        schedule.refresh_from_db(fields=["next_due_date", "ended_at"])
        today = patient.clinic_day
        if schedule.ended_at or schedule.next_due_date > today:
            return False
        latest = _latest(schedule, today)
        following = latest + timedelta(days=schedule.every_days)
        MeasureSchedule.objects.filter(pk=schedule.pk).update(next_due_date=following)
        schedule.next_due_date = following
        if MeasureAssignment.objects.open().filter(patient=patient, instrument=instrument.key).exists():
            return False
        assignment = MeasureAssignment.objects.create(
            patient=patient,
            schedule=schedule,
            instrument=instrument.key,
            instrument_version=instrument.version,
            due_date=latest,
            assigned_by_id=schedule.set_by_id,
        )
        record(MEASURE_ASSIGNED, assignment, by=by)
    return True


def _latest(schedule: MeasureSchedule, today: date) -> date:
    """The latest of its dates up to today."""
    passed = (today - schedule.next_due_date).days // schedule.every_days
    return schedule.next_due_date + timedelta(days=passed * schedule.every_days)
