"""What therapists do to a timeline by hand."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.http import HttpRequest

from accounts.care.services.relations import require_care
from accounts.models import User
from audit.log import record
from therapybridge.core.errors import Conflict, InvalidInput
from timeline.models import TimelineEvent
from timeline.services.derived_events import DerivedEvent, record_event, withdraw_events
from timeline.services.event_rows import add_event, change_event, remove_event

__all__ = ["DerivedEvent", "create_event", "delete_event", "record_event", "update_event", "withdraw_events"]
EDITABLE = ("event_type", "event_subtype", "event_date", "title", "description", "metadata", "importance", "is_private")


def create_event(
    patient: User, fields: Mapping[str, Any], *, by: User, request: HttpRequest | None = None
) -> TimelineEvent:
    """Write an event for a patient whom `by` treats; Forbidden for anyone else."""
    require_care(patient.pk, by=by)
    with transaction.atomic():
        event = add_event(patient=patient, therapist=by, **_editable(fields))
        record("timeline.event.created", by=by, target=event, request=request)
    return event


def update_event(
    event: TimelineEvent, fields: Mapping[str, Any], *, by: User, request: HttpRequest | None = None
) -> TimelineEvent:
    """Change an event that was written by hand; InvalidInput without a field, Conflict for a derived event."""
    require_care(event.patient_id, by=by)
    changes = _editable(fields)
    if not changes:
        raise InvalidInput("Name at least one field to change.", code="nothing_to_change")
    with transaction.atomic():
        held = _locked(event)
        changed = sorted(name for name, value in changes.items() if getattr(held, name) != value)
        change_event(held, changes)
        record("timeline.event.updated", by=by, target=held, changed=changed, request=request)
    return held


def delete_event(event: TimelineEvent, *, by: User, request: HttpRequest | None = None) -> None:
    """Take an event that was written by hand off the timeline; the row stays. Conflict for a derived event."""
    require_care(event.patient_id, by=by)
    with transaction.atomic():
        held = _locked(event)
        remove_event(held)
        record("timeline.event.deleted", by=by, target=held, request=request)


def _editable(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: fields[name] for name in EDITABLE if name in fields}


def _locked(event: TimelineEvent) -> TimelineEvent:
    if event.is_derived:
        raise Conflict("This event follows from its session and changes with it.", code="derived_event")
    held = TimelineEvent.objects.live().select_for_update(no_key=True).filter(pk=event.pk).first()
    if held is None:
        raise Conflict("This event was deleted meanwhile.", code="event_deleted")
    return held
