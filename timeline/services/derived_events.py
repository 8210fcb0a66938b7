"""Events derived from rows of other apps; a unique key makes recording them idempotent."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction

from timeline.models import TimelineEvent
from timeline.services.event_rows import change_event, count_event, remove_event

KEY = ("related_entity_type", "related_entity_id", "event_type", "event_subtype")


class Lost(NamedTuple):
    """A row whose event has to be repaired."""

    pk: UUID
    patient_id: UUID


@dataclass(frozen=True, slots=True)
class DerivedEvent:
    """The event of a row of another app; KEY names the fields that make it unique."""

    patient_id: UUID
    therapist_id: UUID | None
    event_date: datetime
    title: str
    related_entity_type: str
    related_entity_id: UUID
    event_type: str
    event_subtype: str = ""
    event_day: date | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    importance: str = TimelineEvent.Importance.NORMAL
    is_private: bool = False

    def split(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Split into the unique key and the remaining fields."""
        content = asdict(self)
        return {name: content.pop(name) for name in KEY}, content


def record_event(derived: DerivedEvent) -> TimelineEvent:
    """Create, restore or update the event; concurrent calls add one row and count it once."""
    key, content = derived.split()
    with transaction.atomic():
        event, is_new = TimelineEvent.objects.get_or_create(**key, defaults=content)
        if is_new:
            count_event(event, +1)
            return event
        event = TimelineEvent.objects.select_for_update(no_key=True).get(pk=event.pk)
        if event.deleted_at or any(getattr(event, name) != value for name, value in content.items()):
            change_event(event, {**content, "deleted_at": None})
    return event


def withdraw_events(entity_type: str, entity_id: UUID, **only: str) -> None:
    """Remove the events of a row, or those with these columns `only`; `record_event` restores them."""
    with transaction.atomic():
        for event in TimelineEvent.objects.live().derived_from(entity_type, [entity_id]).filter(**only):
            remove_event(event)
