"""The busiest read: one page of a timeline as plain dictionaries, with access and total in the same query."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, Subquery, Sum
from django.db.models.functions import Coalesce

from accounts.models import User
from therapybridge.core.errors import NotFound
from therapybridge.core.pagination import keyset_page
from timeline.contexts.session_texts import SUMMARY, matching_sessions, with_session_texts
from timeline.filters import EventFilters
from timeline.models import NOTE, TimelineCount, TimelineEvent
from timeline.querysets import EventQuerySet

NEWEST_FIRST = ("-event_date", "-id")
MOST_COUNTED = 1_000
SHOWN = (
    "id",
    "event_type",
    "event_subtype",
    "event_date",
    "title",
    "description",
    "metadata",
    "related_entity_type",
    "related_entity_id",
    "importance",
    "is_private",
    "created_at",
    "updated_at",
)
# Not for patients: text drafted by a model beyond the approved summary, and references into the therapists' portal.
NO_METADATA: dict[str, Any] = {"metadata": {}}
NO_REFERENCE: dict[str, Any] = {"related_entity_type": "", "related_entity_id": None}


def shown_to(reader: User, row: dict[str, Any]) -> dict[str, Any]:
    """The row as `reader` may see it: for a patient, no metadata, and references only to signed notes and summaries."""
    if not reader.is_patient:
        return row
    return row | NO_METADATA | ({} if row["related_entity_type"] in {NOTE, SUMMARY} else NO_REFERENCE)


def shown_event(event: TimelineEvent, reader: User) -> dict[str, Any]:
    """A single event as a row of the feed."""
    held = {name: getattr(event, name) for name in (*SHOWN, "event_day")}
    (row,) = with_session_texts([_as_dated(held)], reader)
    return shown_to(reader, row)


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
    events = TimelineEvent.objects.visible_to(reader).filter(patient=patient_id)
    by_text = matching_sessions(patient_id, reader, filters.search) if filters.search else Q()
    matching = filters.apply(events, by_text)
    counted = _maintained_total(patient_id, reader, filters)
    scope = f"{patient_id}:{filters.fingerprint()}"
    columns = matching.annotate(total=counted).values(*SHOWN, "event_day", "total")
    page = keyset_page(columns, NEWEST_FIRST, cursor, limit, scope)
    totals = [row.pop("total") for row in page.rows]
    # An empty page may mean no events or no access.
    total = totals[0] if totals else _total_of_visible(patient_id, reader, counted)
    is_exact = True
    if not filters.is_maintained:
        total, is_exact = _capped_count(matching)
    dated = [_as_dated(row) for row in page.rows]
    rows = [shown_to(reader, row) for row in with_session_texts(dated, reader)]
    return Feed(rows, page.next_cursor, page.has_more, total, is_exact)


def _as_dated(row: dict[str, Any]) -> dict[str, Any]:
    """The row with its day for its date, if it was written without a time."""
    day = row.pop("event_day")
    return row | {"event_date": day} if day else row


def _maintained_total(patient_id: UUID, reader: User, filters: EventFilters) -> Coalesce:
    totals = TimelineCount.objects.countable_by(reader).filter(patient=patient_id)
    if filters.event_types:
        totals = totals.filter(event_type__in=filters.event_types)
    summed = totals.order_by().values("patient_id").annotate(total=Sum("count")).values("total")
    return Coalesce(Subquery(summed), 0)


def _total_of_visible(patient_id: UUID, reader: User, counted: Coalesce) -> int:
    patients = User.objects.patients_visible_to(reader).filter(pk=patient_id)
    total: int | None = patients.order_by().values_list(counted, flat=True).first()
    if total is None:
        raise NotFound
    return total


def _capped_count(matching: EventQuerySet) -> tuple[int, bool]:
    found = matching.order_by()[: MOST_COUNTED + 1].count()
    return found, found <= MOST_COUNTED
