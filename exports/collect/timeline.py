"""Events as the timeline tells them to its reader."""

from typing import Any

from exports.collect.rows import Rows
from exports.records.timeline import Event
from timeline.choices import EVENT_TYPES
from timeline.contexts.feed import all_events

TURNING_POINTS = ("milestone", "critical")  # importances of the events that a summary of a treatment tells


def events(rows: Rows, *, of_importance: tuple[str, ...] = ()) -> list[Event]:
    """The newest first; with `of_importance`, only those that weigh so much."""
    reader = rows.patient if rows.is_shared else rows.reader
    found = all_events(rows.events().of_importance(of_importance), reader)
    return [_event(row, is_shared=rows.is_shared) for row in found]


def _event(row: dict[str, Any], *, is_shared: bool) -> Event:
    kind = EVENT_TYPES[row["event_type"]]
    return Event(
        id=row["id"],
        kind=kind.value,
        label=kind.plain if is_shared else kind.label,
        subtype=row["event_subtype"],
        happened_at=row["event_date"],
        day=row["event_day"],
        title=row["title"],
        description=row["description"],
        importance=row["importance"],
        is_private=row["is_private"],
        source_type=row["related_entity_type"],
        source=row["related_entity_id"],
        therapist=None if is_shared else row["therapist_id"],
        metadata=row["metadata"],
    )
