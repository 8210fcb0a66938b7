"""Access checks for questionnaires named in a URL: therapists read and write, patients read and answer their own."""

from typing import Any
from uuid import UUID

from accounts.care.access import RecordAccess, access_to, writable
from audit.audit_actions import Action
from audit.log import deny
from therapybridge.core.actor import Actor
from therapybridge.core.errors import NotFound
from therapybridge.core.queries import only_one
from treatment.models import MeasureAssignment, MeasureResult, MeasureSchedule

PARTS = ("patient__clinic", "patient__profile")


def open_assignment(by: Actor, pk: UUID, action: Action) -> tuple[MeasureAssignment, RecordAccess]:
    """Open an assigned questionnaire; NotFound, audited as denied, without access."""
    row, access = _open(MeasureAssignment, by, pk, action, "assigned_by")
    return row, access


def open_assignment_to_write(by: Actor, pk: UUID, action: Action) -> tuple[MeasureAssignment, RecordAccess]:
    """The same for a therapist who treats the patient; Forbidden, audited, for those who may only read it."""
    row, access = open_assignment(by, pk, action)
    return row, writable(access, action)


def open_assignment_to_answer(by: Actor, pk: UUID, action: Action) -> tuple[MeasureAssignment, RecordAccess]:
    """The same for its patient too."""
    row, access = open_assignment(by, pk, action)
    return row, access if access.is_own else writable(access, action)


def open_result(by: Actor, pk: UUID, action: Action) -> tuple[MeasureResult, RecordAccess]:
    """Open a result; NotFound, audited as denied, without access, and for patients once it was withdrawn."""
    row, access = _open(MeasureResult, by, pk, action, "session", "entered_by", "withdrawn_by", "assignment")
    return row, access


def open_result_to_write(by: Actor, pk: UUID, action: Action) -> tuple[MeasureResult, RecordAccess]:
    """Open a result for a therapist who treats the patient; Forbidden, audited, for those who may only read it."""
    row, access = open_result(by, pk, action)
    return row, writable(access, action)


def open_schedule_to_write(by: Actor, pk: UUID, action: Action) -> tuple[MeasureSchedule, RecordAccess]:
    """Open a schedule for a therapist who treats the patient."""
    row, access = _open(MeasureSchedule, by, pk, action)
    return row, writable(access, action)


def _open(model: Any, by: Actor, pk: UUID, action: Action, *parts: str) -> tuple[Any, RecordAccess]:
    user = by.user
    mine = model.objects.shared_with(user) if user.is_patient else model.objects.visible_to(user)
    row: Any = only_one(mine.with_write_access(user).select_related(*PARTS, *parts), pk=pk)
    if row is None:
        deny(action, "not_found", by=by, target=model(pk=pk))
        raise NotFound("This questionnaire does not exist.")
    return row, access_to(by, row.patient, may_write=row.is_writable)
