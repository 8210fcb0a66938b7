"""Access checks for trackers and entries named in a URL; refusals are audited."""

from typing import Any
from uuid import UUID

from accounts.care.access import RecordAccess, access_to, writable
from audit.audit_actions import Action
from audit.log import deny
from therapybridge.core.actor import Actor
from therapybridge.core.errors import NotFound
from therapybridge.core.queries import only_one
from treatment.models import CheckIn, Tracker, TrackingEntry


def open_tracker(by: Actor, pk: UUID, action: Action) -> tuple[Tracker, RecordAccess]:
    """Open a tracker with its goal and patient, for therapists and its own patient; NotFound without access."""
    return _open(Tracker, ("goal__plan", "patient__clinic", "patient__profile"), by, pk, action)


def open_tracker_to_write(by: Actor, pk: UUID, action: Action) -> tuple[Tracker, RecordAccess]:
    """Open a tracker for a therapist who treats the patient; Forbidden, audited, for those who may only read it."""
    tracker, access = open_tracker(by, pk, action)
    return tracker, writable(access, action)


def open_entry_to_write(by: Actor, pk: UUID, action: Action) -> tuple[TrackingEntry, RecordAccess]:
    """The same for an entry."""
    entry, access = _open(TrackingEntry, ("tracker__goal", "patient__clinic"), by, pk, action)
    return entry, writable(access, action)


def open_check_in(by: Actor, pk: UUID, action: Action) -> CheckIn:
    """A check-in of a patient whom a therapist may see; NotFound without access."""
    check_in: CheckIn = _open(CheckIn, ("patient__clinic",), by, pk, action)[0]
    return check_in


def _open(model: Any, parts: tuple[str, ...], by: Actor, pk: UUID, action: Action) -> tuple[Any, RecordAccess]:
    rows = model.objects.shared_with(by.user) if by.user.is_patient else model.objects.visible_to(by.user)
    row: Any = only_one(rows.with_write_access(by.user).select_related(*parts), pk=pk)
    if row is None:
        deny(action, "not_found", by=by, target=model(pk=pk))
        raise NotFound("This does not exist.")
    return row, access_to(by, row.patient, may_write=row.is_writable)
