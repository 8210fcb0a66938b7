"""Adding, changing and removing events by hand."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from accounts.care.access import RecordAccess
from audit.log import record
from therapybridge.core.api.moments import day_of, moment_of
from therapybridge.core.errors import Conflict, InvalidInput
from timeline.audit_actions import TIMELINE_EVENT_CREATED, TIMELINE_EVENT_DELETED, TIMELINE_EVENT_UPDATED
from timeline.models import TimelineEvent
from timeline.services.derived_events import DerivedEvent, record_event, withdraw_events
from timeline.services.event_rows import add_event, change_event, remove_event

__all__ = ["DerivedEvent", "create_event", "delete_event", "record_event", "update_event", "withdraw_events"]
EDITABLE = ("event_type", "event_subtype", "event_date", "title", "description", "metadata", "importance", "is_private")


def create_event(access: RecordAccess, fields: Mapping[str, Any]) -> TimelineEvent:
    """Add an event for a patient whom the therapist treats; Forbidden for anyone else."""
    access.require_write(access.patient.pk)
    with transaction.atomic():
        event = add_event(patient=access.patient, therapist=access.user, **_editable(fields, access))
        record(TIMELINE_EVENT_CREATED, event, by=access)
    return event


def update_event(event: TimelineEvent, fields: Mapping[str, Any], *, access: RecordAccess) -> TimelineEvent:
    """Change a manual event; InvalidInput without fields, Conflict for a derived event."""
    access.require_write(event.patient_id)
    changes = _editable(fields, access)
    if not changes:
        raise InvalidInput("Send at least one field to change.", code="nothing_to_change")
    with transaction.atomic():
        held = _locked(event)
        changed = sorted(name for name, value in changes.items() if getattr(held, name) != value)
        change_event(held, changes)
        record(TIMELINE_EVENT_UPDATED, held, by=access, changed=changed)
    return held


def delete_event(event: TimelineEvent, *, access: RecordAccess) -> None:
    """Soft-delete a manual event; Conflict for a derived event."""
    access.require_write(event.patient_id)
    with transaction.atomic():
        held = _locked(event)
        remove_event(held)
        record(TIMELINE_EVENT_DELETED, held, by=access)


def _editable(fields: Mapping[str, Any], access: RecordAccess) -> dict[str, Any]:
    changes = {name: fields[name] for name in EDITABLE if name in fields}
    return changes | _dated(changes["event_date"], access) if "event_date" in changes else changes


def _dated(when: date, access: RecordAccess) -> dict[str, Any]:
    """A day without a time is a day of the clinic, for readers in every zone; among others it counts as noon."""
    return {"event_date": moment_of(when, access.patient.clinic_zone), "event_day": day_of(when)}


def _locked(event: TimelineEvent) -> TimelineEvent:
    if event.is_derived:
        raise Conflict("This event comes from another part of the record and changes with it.", code="derived_event")
    held = TimelineEvent.objects.live().select_for_update(no_key=True).filter(pk=event.pk).first()
    if held is None:
        raise Conflict("This event was deleted in the meantime.", code="event_deleted")
    return held
