"""Setting and ending schedules of exports."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.care.access import RecordAccess
from audit.log import record
from exports.jobs.access import require_consents
from exports.jobs.services.options import ExportOptions, checked
from exports.jobs.services.requests import MAX_WORDS
from exports.schedules.audit_actions import SCHEDULE_CREATED, SCHEDULE_ENDED
from exports.schedules.choices import Recurrence
from exports.schedules.models import ExportSchedule
from exports.schedules.services.rhythm import due_at
from therapybridge.core.actor import Actor
from therapybridge.core.errors import Conflict, InvalidInput
from therapybridge.core.text import all_written

MAX_RUNNING = 5  # schedules of one patient by one therapist
LATEST = 366  # days ahead


def create_schedule(
    access: RecordAccess, *, rhythm: str, first_day: date, recipient: str, purpose: str, **chosen: Any
) -> ExportSchedule:
    """Schedule exports, the first on a day of the owner's zone; each covers the days since the one before it.

    InvalidInput, ConsentRequired; Conflict (`too_many`); Forbidden for those who may only read.
    """
    access.require_write(access.patient.pk)
    words = all_written({"recipient": (recipient, MAX_WORDS), "purpose": (purpose, MAX_WORDS)})
    options = checked(access, ExportOptions(**chosen))
    _check(rhythm, first_day, access)
    require_consents(access.patient, options.basis, options.extras)
    with access.patient.locked():
        running = ExportSchedule.objects.running().filter(patient=access.patient, owner=access.user)
        if running.count() >= MAX_RUNNING:
            raise Conflict(f"You have {MAX_RUNNING} schedules for this patient. End one first.", code="too_many")
        schedule = ExportSchedule.objects.create(
            patient=access.patient,
            owner=access.user,
            kind=options.kind,
            format=options.format,
            parameters=_lasting(options),
            basis=options.basis,
            rhythm=rhythm,
            first_day=first_day,
            next_due_at=due_at(first_day, access.user.zone),
            **words,
        )
        record(SCHEDULE_CREATED, schedule, by=access, changed=[options.kind, options.format, rhythm])
    return schedule


def end_schedule(schedule: ExportSchedule, *, by: Actor | RecordAccess, reason: str = "") -> None:
    """Make no more exports; those that were made stay. Conflict (`already_ended`)."""
    with transaction.atomic():
        now = timezone.now()
        running = ExportSchedule.objects.running().filter(pk=schedule.pk)
        if not running.update(ended_at=now, end_reason=reason):
            raise Conflict("This schedule has ended already.", code="already_ended")
        record(SCHEDULE_ENDED, schedule, by=by, changed=["ended_at"])
    schedule.ended_at, schedule.end_reason = now, reason


def _lasting(options: ExportOptions) -> dict[str, Any]:
    """What each export takes over; its days are its own."""
    return {name: value for name, value in options.parameters().items() if name not in ("start", "end")}


def _check(rhythm: str, first_day: date, access: RecordAccess) -> None:
    errors = {}
    if rhythm not in Recurrence.values:
        errors["rhythm"] = ["Choose one of the list."]
    ahead = (first_day - timezone.localdate(timezone=access.user.zone)).days
    if not 1 <= ahead <= LATEST:
        errors["first_day"] = ["Choose a day from tomorrow on, within a year."]
    if errors:
        raise InvalidInput(errors=errors)
