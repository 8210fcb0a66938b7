"""Access to a schedule named in a URL."""

from typing import Any
from uuid import UUID

from accounts.care.access import RecordAccess, access_to
from audit.audit_actions import Action
from audit.log import deny
from exports.schedules.models import ExportSchedule
from therapybridge.core.actor import Actor
from therapybridge.core.errors import NotFound
from therapybridge.core.queries import only_one


def open_schedule(by: Actor, pk: UUID, action: Action) -> tuple[ExportSchedule, RecordAccess]:
    """Open a schedule for the therapist who set it and treats the patient; NotFound, audited as denied, for others."""
    schedule: Any = only_one(
        ExportSchedule.objects.visible_to(by.user).select_related("patient__clinic", "owner"), pk=pk
    )
    if schedule is None:
        deny(action, "not_found", by=by, target=ExportSchedule(pk=pk))
        raise NotFound("This schedule does not exist.")
    return schedule, access_to(by, schedule.patient, may_write=True)
