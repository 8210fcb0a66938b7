"""Timeline filters, parsed from a query string."""

import hashlib
from collections.abc import Mapping
from dataclasses import astuple, dataclass, replace
from datetime import datetime
from typing import Any

import django_filters
from django.db import models
from django.db.models import Q

from therapybridge.core.api.filters import ChangesFilter, EndFilter, StartFilter, ValuesFilter, cleaned
from therapybridge.core.compiled import Slot
from therapybridge.core.errors import InvalidInput
from therapybridge.core.lookups import Pattern
from therapybridge.core.text import composed
from timeline.choices import EVENT_TYPES
from timeline.models import TimelineEvent
from timeline.querysets import EventQuerySet

MAX_SEARCH = 200  # characters
Moment = datetime | Slot | None
START, END = Slot("start", models.DateTimeField()), Slot("end", models.DateTimeField())
SINCE = Slot("since", models.DateTimeField())
WORDS = Slot("words", Pattern())


@dataclass(frozen=True, slots=True)
class EventFilters:
    """The filters of a timeline. Empty fields do not filter; `end` is exclusive.

    `since` is applied by the page (contexts/feed_query.py): what an event shows may have changed elsewhere.
    """

    event_types: tuple[str, ...] = ()
    importance: tuple[str, ...] = ()
    start: Moment = None
    end: Moment = None
    search: str | Slot = ""
    since: Moment = None

    @property
    def is_maintained(self) -> bool:
        """Whether the maintained totals can count the matches: they are kept only by event type."""
        return not any((self.importance, self.start, self.end, self.search, self.since))

    def apply(self, rows: EventQuerySet, found_by_text: Q) -> EventQuerySet:
        """The matching rows; `found_by_text` are those that a search finds by what they do not hold themselves."""
        narrowed = rows.of_types(self.event_types).of_importance(self.importance)
        return narrowed.between(self.start, self.end).search(self.search, found_by_text)

    def shape(self) -> "EventFilters":
        """The filters with slots for moments and words, for a query that is built once; `values` fills them."""
        return replace(
            self,
            start=START if self.start else None,
            end=END if self.end else None,
            search=WORDS if self.search else "",
            since=SINCE if self.since else None,
        )

    def values(self) -> dict[str, Any]:
        """What the slots of `shape` stand for."""
        moments = {START.name: self.start, END.name: self.end, SINCE.name: self.since}
        return {**moments, WORDS.name: composed(str(self.search))}

    def fingerprint(self) -> str:
        """Equal for equal filters, without revealing the search words."""
        return hashlib.sha256(repr(astuple(self)).encode()).hexdigest()[:16]


class TimelineFilter(ChangesFilter):
    """Validates the query string; the page applies EventFilters itself, since it counts at the same time."""

    event_types = ValuesFilter(choices=[(one.value, one.label) for one in EVENT_TYPES.values()])
    importance = ValuesFilter(choices=TimelineEvent.Importance.choices)
    start_date = StartFilter("event_date")
    end_date = EndFilter("event_date")
    search = django_filters.CharFilter(max_length=MAX_SEARCH)

    class Meta:
        model = TimelineEvent
        fields: list[str] = []


def parse_filters(query: Mapping[str, str]) -> EventFilters:
    """Parse filters from a query string; InvalidInput names what is wrong.

    A date without a time means the whole day in the current time zone: UTC for the API, the reader's for pages.
    """
    given = cleaned(TimelineFilter, query)
    filters = EventFilters(
        event_types=tuple(sorted(given["event_types"])),
        importance=tuple(sorted(given["importance"])),
        start=given["start_date"],
        end=given["end_date"],
        search=given["search"],
        since=given["updated_since"],
    )
    if given["start_date"] and given["end_date"] and given["start_date"] >= given["end_date"]:
        raise InvalidInput(errors={"end_date": ["The end is before the start."]})
    return filters
