"""The busiest read: one page of a timeline as plain dictionaries, with access and total in the same query."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from accounts.models import User
from therapybridge.core.errors import NotFound
from therapybridge.core.pagination import KeysetCursor, as_page
from timeline.contexts import feed_query
from timeline.contexts.feed_query import (
    MOST_COUNTED,
    NEWEST_FIRST,
    SHOWN,
    Asked,
    count_query,
    page_query,
    patient_query,
)
from timeline.contexts.search import found_by_text
from timeline.contexts.session_texts import SUMMARY, with_session_texts
from timeline.contexts.treatment_texts import with_treatment_texts
from timeline.filters import EventFilters
from timeline.models import MEASURE, NOTE, PLAN, TimelineEvent
from timeline.querysets import EventQuerySet

# Not for patients: text drafted by a model beyond the approved summary, and references into the therapists' portal.
FOR_PATIENTS = {NOTE, SUMMARY, PLAN, MEASURE}  # related entities
NO_METADATA: dict[str, Any] = {"metadata": {}}
NO_REFERENCE: dict[str, Any] = {"related_entity_type": "", "related_entity_id": None}


def shown_to(reader: User, row: dict[str, Any]) -> dict[str, Any]:
    """The row as `reader` may see it: for a patient, no metadata, and references only to what they can read."""
    if not reader.is_patient:
        return row
    return row | NO_METADATA | ({} if row["related_entity_type"] in FOR_PATIENTS else NO_REFERENCE)


def shown_event(event: TimelineEvent, reader: User) -> dict[str, Any]:
    """A single event as a row of the feed."""
    held = {name: getattr(event, name) for name in (*SHOWN, "event_day")}
    (row,) = _with_texts([_as_dated(held)], reader)
    return row


def all_events(events: EventQuerySet, reader: User) -> list[dict[str, Any]]:
    """These events in full, newest first, as rows of the feed that also have `event_day` and `therapist_id`.

    The caller has limited them to what `reader` may see.
    """
    return _with_texts(list(events.in_order().values(*SHOWN, "event_day", "therapist_id")), reader)


@dataclass(frozen=True, slots=True)
class Feed:
    """A page, newest first; a total that is not exact is one above the counting limit."""

    events: list[dict[str, Any]]
    next_cursor: str | None
    has_more: bool
    total_count: int
    total_count_exact: bool


def read_feed(patient_id: UUID, reader: User, filters: EventFilters, cursor: str | None, limit: int) -> Feed:
    """Read one page; NotFound if `reader` may not see the patient, InvalidInput for a cursor of another list."""
    scope = f"{patient_id}:{filters.fingerprint()}"
    key = KeysetCursor.decode(NEWEST_FIRST, cursor, scope) if cursor else None
    asked = Asked.by(reader, filters, follows=key is not None, limit=limit)
    given = feed_query.given(reader, patient_id, filters, key)
    if filters.search:
        given["found"] = found_by_text(patient_id, reader, str(filters.search))
    page = as_page(page_query(asked).dicts(**given), NEWEST_FIRST, limit, scope)
    totals = [row.pop("total") for row in page.rows]
    # An empty page may mean no events or no access.
    total = totals[0] if totals else _total_of_visible(asked, given)
    if not filters.is_maintained:
        is_whole = key is None and not page.has_more
        total = len(totals) if is_whole else count_query(replace(asked, follows=False)).count(**given)
    rows = _with_texts([_as_dated(row) for row in page.rows], reader)
    is_exact = filters.is_maintained or total <= MOST_COUNTED
    return Feed(rows, page.next_cursor, page.has_more, total, is_exact)


def newest_of_levels(patient_id: UUID, reader: User, levels: Collection[str], most: int) -> Feed:
    """The newest events of some levels of importance, without a cursor; the caller knows that `reader` may see them.

    Each level is read by the index of importance, which a query for several would not use.
    """
    rows, total, is_exact = [], 0, True
    for level in levels:
        filters = EventFilters(importance=(level,))
        asked = Asked.by(reader, filters, follows=False, limit=most)
        given = feed_query.given(reader, patient_id, filters, None)
        found = page_query(asked).dicts(**given)
        number = len(found) if len(found) <= most else count_query(asked).count(**given)
        rows += found
        total, is_exact = total + number, is_exact and number <= MOST_COUNTED
    rows.sort(key=lambda row: (row["event_date"], row["id"]), reverse=True)
    shown = [{name: value for name, value in row.items() if name != "total"} for row in rows[:most]]
    return Feed(_with_texts([_as_dated(row) for row in shown], reader), None, len(rows) > most, total, is_exact)


def _with_texts(rows: list[dict[str, Any]], reader: User) -> list[dict[str, Any]]:
    told = with_treatment_texts(with_session_texts(rows, reader), reader)
    return [shown_to(reader, row) for row in told]


def _as_dated(row: dict[str, Any]) -> dict[str, Any]:
    """The row with its day for its date, if it was written without a time."""
    day = row.pop("event_day")
    return row | {"event_date": day} if day else row


def _total_of_visible(asked: Asked, given: dict[str, Any]) -> int:
    found = patient_query(asked).rows(**given)
    if not found:
        raise NotFound
    total: int = found[0][0]
    return total
