"""Access checks for single events; refusals are audited."""

from typing import Any
from uuid import UUID

from accounts.care.access import RecordAccess, access_to, writable
from audit.audit_actions import Action
from audit.log import deny
from therapybridge.core.actor import Actor
from therapybridge.core.errors import NotFound
from therapybridge.core.queries import only_one
from timeline.models import TimelineEvent

EventAccess = tuple[TimelineEvent, RecordAccess]


def open_event(by: Actor, patient_id: UUID, event_id: UUID, action: Action) -> EventAccess:
    """Open an event of the patient; NotFound, audited as a denied `action`, without access."""
    rows = TimelineEvent.objects.visible_to(by.user).with_write_access(by.user).select_related("patient")
    event: Any = only_one(rows, patient=patient_id, pk=event_id)
    if event is None:
        deny(action, "not_found", by=by, patient_id=patient_id)
        raise NotFound
    return event, access_to(by, event.patient, may_write=event.is_writable)


def open_event_to_write(by: Actor, patient_id: UUID, event_id: UUID, action: Action) -> EventAccess:
    """Open an event for a therapist who treats the patient; Forbidden, audited, for those who may only read it."""
    event, access = open_event(by, patient_id, event_id, action)
    return event, writable(access, action)
