"""The narrowing of a timeline, read from a query string."""

import hashlib
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from datetime import UTC, datetime, time, timedelta

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from therapybridge.core.errors import InvalidInput
from timeline.choices import EVENT_TYPES
from timeline.models import TimelineEvent
from timeline.querysets import EventQuerySet

MAX_SEARCH = 200  # characters


@dataclass(frozen=True, slots=True)
class EventFilters:
    """Empty fields do not narrow; `end` is the first instant that is out."""

    event_types: tuple[str, ...] = ()
    importance: tuple[str, ...] = ()
    start: datetime | None = None
    end: datetime | None = None
    search: str = ""

    @property
    def is_maintained(self) -> bool:
        """Whether the maintained totals can answer how many pass: they are kept by kind, not by anything else."""
        return not any((self.importance, self.start, self.end, self.search))

    def apply(self, rows: EventQuerySet) -> EventQuerySet:
        """The rows that pass."""
        narrowed = rows.of_kinds(self.event_types).of_importance(self.importance)
        return narrowed.between(self.start, self.end).search(self.search)

    def fingerprint(self) -> str:
        """Equal for equal filters; carries none of the search's words."""
        return hashlib.sha256(repr(astuple(self)).encode()).hexdigest()[:16]


def parse_filters(query: Mapping[str, str]) -> EventFilters:
    """Filters from event_types, importance, start_date, end_date and search; InvalidInput names what is wrong.

    A date without a time is a whole day in the current time zone: UTC for the API, the reader's for pages.
    """
    errors: dict[str, list[str]] = {}
    filters = EventFilters(
        event_types=_choices(query, "event_types", list(EVENT_TYPES), errors),
        importance=_choices(query, "importance", TimelineEvent.Importance.values, errors),
        start=_instant(query, "start_date", errors),
        end=_instant(query, "end_date", errors),
        search=_search(query, errors),
    )
    if filters.start and filters.end and filters.start >= filters.end:
        errors.setdefault("end_date", []).append("The end lies before the start.")
    if errors:
        raise InvalidInput(errors=errors)
    return filters


def _choices(query: Mapping[str, str], name: str, known: list[str], errors: dict[str, list[str]]) -> tuple[str, ...]:
    named = {part.strip() for part in query.get(name, "").split(",")} - {""}
    if named - set(known):
        errors[name] = [f"Choose from: {', '.join(known)}."]
    return tuple(sorted(named))


def _instant(query: Mapping[str, str], name: str, errors: dict[str, list[str]]) -> datetime | None:
    text = query.get(name, "").strip()
    try:
        return _parse_instant(text, is_end=name == "end_date") if text else None
    except (ValueError, OverflowError):
        errors[name] = ["Write a date as 2026-11-30 or 2026-11-30T14:00:00Z."]
        return None


def _parse_instant(text: str, *, is_end: bool) -> datetime:
    if day := parse_date(text):
        midnight = datetime.combine(day + timedelta(days=is_end), time())
        return timezone.make_aware(midnight).astimezone(UTC)
    moment = parse_datetime(text)
    if moment is None:
        raise ValueError(text)
    aware = moment if timezone.is_aware(moment) else timezone.make_aware(moment)
    # The ends of the calendar do not exist in UTC, which the database compares in.
    return (aware + timedelta(microseconds=is_end)).astimezone(UTC)


def _search(query: Mapping[str, str], errors: dict[str, list[str]]) -> str:
    term = query.get("search", "").strip()
    if len(term) > MAX_SEARCH or "\x00" in term:
        errors["search"] = [f"Search for at most {MAX_SEARCH} printable characters."]
    return term
