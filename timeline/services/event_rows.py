"""All writes of event rows and their totals, in one transaction each; nothing else writes either table."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from timeline.models import TimelineCount, TimelineEvent


def count_event(event: TimelineEvent, by: int) -> None:
    """Add `by` (+1 or -1) to the event's total."""
    TimelineCount.objects.add(event.patient_id, event.event_type, event.is_private, by)


def add_event(**fields: Any) -> TimelineEvent:
    """Insert a row; call it inside a transaction."""
    event = TimelineEvent.objects.create(**fields)
    count_event(event, +1)
    return event


def change_event(event: TimelineEvent, changes: Mapping[str, Any]) -> None:
    """Write changes to a row locked by the caller, including undeletion and moves between totals."""
    was, was_live = (event.event_type, event.is_private), event.deleted_at is None
    for name, value in changes.items():
        setattr(event, name, value)
    event.save(update_fields=[*changes])
    now = (event.event_type, event.is_private)
    if was_live and was == now:
        return
    # In a fixed order: two transactions that swap types must not deadlock.
    deltas = {now: 1} | ({was: -1} if was_live else {})
    for (event_type, is_private), delta in sorted(deltas.items()):
        TimelineCount.objects.add(event.patient_id, event_type, is_private, delta)


def remove_event(event: TimelineEvent) -> None:
    """Soft-delete a row; of two concurrent callers, only one updates the total."""
    if TimelineEvent.objects.live().filter(pk=event.pk).update(deleted_at=timezone.now()):
        count_event(event, -1)
