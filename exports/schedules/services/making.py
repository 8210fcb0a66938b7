"""Making the exports whose day has come, and telling their owners."""

from functools import partial
from itertools import islice
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from accounts.care.access import access_to, is_treated_by
from accounts.mail.services import queue_email
from accounts.models import User
from audit.log import deny
from exports.audit_actions import EXPORT_REQUESTED
from exports.choices import ExportStatus
from exports.jobs.access import AccessEnded
from exports.jobs.models import ExportJob
from exports.jobs.services.options import ExportOptions
from exports.jobs.services.requests import Permitted, add_export
from exports.schedules.models import ExportSchedule, ScheduledExport, days_of
from exports.schedules.services.rhythm import covered, day_number, due_at, missed
from exports.schedules.services.schedules import end_schedule
from therapybridge.core.actor import Actor
from therapybridge.core.batches import each_alone
from therapybridge.core.links import absolute

BATCH = 200
RUNNING_AT_ONCE = 5  # exports of one owner; what an outage left over follows when these are made
TOLD = {
    ExportStatus.COMPLETED: (
        "An export is ready",
        "An export that you scheduled is ready. Its file is kept for seven days.",
    ),
    ExportStatus.FAILED: (
        "An export was not made",
        "An export that you scheduled could not be made. Its page says why.",
    ),
}


def make_due(*, by: Actor) -> int:
    """Ask for the exports of all schedules whose time has come; returns of how many. What was asked for is not again.

    RowsFailed, once all others were asked for, if it failed for some.
    """
    rows = ExportSchedule.objects.due().select_related("patient__clinic", "owner").order_by("next_due_at", "id")
    return each_alone(rows[:BATCH], partial(make_due_of, by=by), event="export_not_scheduled")


def make_due_of(schedule: ExportSchedule, *, by: Actor) -> bool:
    """Ask for the occurrences that are due, the missed ones too, as far as their owner has room for; whether any.

    The schedule ends when its owner does not treat the patient any more. A consent that is missing is found by the
    worker, so that the owner reads why there is no file.
    """
    with schedule.patient.locked():
        schedule.refresh_from_db(fields=["following", "ended_at", "owner"])
        if schedule.ended_at:
            return False
        owner = schedule.owner
        if owner is None or not is_treated_by(owner, schedule.patient_id):
            deny(EXPORT_REQUESTED, AccessEnded.code, by=by, target=schedule)
            end_schedule(schedule, by=by, reason=AccessEnded.code)
            return False
        due = missed(schedule.first_day, schedule.rhythm, schedule.following, timezone.now(), schedule.zone)
        running = ExportJob.objects.running().filter(requested_by=owner).count()
        numbers = list(islice(due, max(RUNNING_AT_ONCE - running, 0)))
        for number in numbers:
            _make(schedule, owner, number, by)
        if numbers:
            _look_ahead(schedule, len(numbers))
    return bool(numbers)


def _make(schedule: ExportSchedule, owner: User, number: int, by: Actor) -> None:
    access = access_to(by.acting_as(owner), schedule.patient, may_write=True)
    period = days_of(schedule, covered(schedule.first_day, schedule.rhythm, number))
    layout = schedule.parameters.get("layout")
    options = ExportOptions(
        kind=schedule.kind,
        format=schedule.format,
        basis=schedule.basis,
        layout=UUID(layout) if layout else None,
        **period,
    )
    job = add_export(Permitted(access, options, None, schedule.recipient, schedule.purpose))
    day = day_number(schedule.first_day, schedule.rhythm, number)
    ScheduledExport.objects.create(schedule=schedule, number=number, day=day, job=job)


def _look_ahead(schedule: ExportSchedule, made: int) -> None:
    schedule.following += made
    following = day_number(schedule.first_day, schedule.rhythm, schedule.following)
    schedule.next_due_at = due_at(following, schedule.zone)
    schedule.save(update_fields=["following", "next_due_at"])


def announce_made() -> int:
    """Tell the owner of each scheduled export that is ready or has failed, once; returns how many."""
    waiting = ScheduledExport.objects.filter(announced_at=None, job__status__in=TOLD).order_by("id")
    rows = waiting.select_related("job__clinic", "schedule__owner")
    return each_alone(rows[:BATCH], _announce, event="export_not_announced")


def _announce(occurrence: ScheduledExport) -> bool:
    rows = ScheduledExport.objects.filter(pk=occurrence.pk, announced_at=None)
    job, owner = occurrence.job, occurrence.schedule.owner
    if job is None or not rows.update(announced_at=timezone.now()):
        return False
    subject, line = TOLD[ExportStatus(job.status)]
    button = ("See the export", absolute(reverse("exports:detail", args=[job.pk])))
    queue_email("export_scheduled", owner.email if owner else None, subject, [line], button=button, clinic=job.clinic)
    return True
