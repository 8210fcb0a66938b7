"""Access checks of single events: 404 or 403, on record."""

from typing import Any
from uuid import UUID

from accounts.care.access import RecordAccess, access_to, writable
from audit.log import deny
from therapybridge.core.actor import Actor
from therapybridge.core.errors import NotFound
from timeline.models import TimelineEvent

EventAccess = tuple[TimelineEvent, RecordAccess]


def open_event(by: Actor, patient_id: UUID, event_id: UUID, action: str) -> EventAccess:
    """An event of the patient; NotFound, on record as a denied `action`, for who has no access to it."""
    rows = TimelineEvent.objects.visible_to(by.user).with_write_access(by.user).select_related("patient")
    event: Any = rows.filter(patient=patient_id, pk=event_id).first()
    if event is None:
        deny(action, "not_found", by=by, patient_id=patient_id)
        raise NotFound
    return event, access_to(by, event.patient, may_write=event.is_writable)


def open_event_to_write(by: Actor, patient_id: UUID, event_id: UUID, action: str) -> EventAccess:
    """The same for who treats the patient; Forbidden, on record, for who may only read it."""
    event, access = open_event(by, patient_id, event_id, action)
    return event, writable(access, action)
