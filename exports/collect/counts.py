"""How much is in an export: before it is made, without decrypting anything, and of a record that was collected."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Max, Min
from django.utils import timezone

from exports.choices import ExportKind
from exports.collect.reports import in_period, latest_results, reported_goals, reported_plans
from exports.collect.rows import Rows
from exports.collect.timeline import TURNING_POINTS
from exports.collect.wanted import Request
from exports.collect.withheld import withheld
from exports.records.record import Record, Withheld

# What is counted, and what it is called.
LABELS = {
    "sessions": "Sessions",
    "notes": "Session notes",
    "private_notes": "Private (psychotherapy) notes",
    "action_items": "Agreed steps",
    "risk_reviews": "Risk reviews",
    "events": "Events",
    "plans": "Treatment plans",
    "goals": "Goals",
    "check_ins": "Check-ins",
    "results": "Questionnaires",
    "assignments": "Assigned questionnaires",
    "consents": "Consents",
    "disclosures": "Disclosures",
    "access_requests": "Requests",
}
OF_TREATMENT = ("plans", "goals", "check_ins", "results", "assignments")
OF_KIND: dict[str, tuple[str, ...]] = {
    ExportKind.SESSION_NOTES: ("sessions", "notes", "private_notes", "action_items"),
    ExportKind.TIMELINE: ("events",),
    ExportKind.PROGRESS_REPORT: ("sessions", "plans", "goals", "results"),
    ExportKind.TREATMENT_SUMMARY: ("sessions", "events", "plans", "goals", "results"),
    ExportKind.FULL_RECORD: tuple(LABELS),
}
# Parts of which these kinds hold others than all that `Rows` has.
CHOSEN: dict[tuple[str, str], Callable[[Rows], Any]] = {
    (ExportKind.PROGRESS_REPORT, "plans"): reported_plans,
    (ExportKind.PROGRESS_REPORT, "goals"): reported_goals,
    (ExportKind.TREATMENT_SUMMARY, "events"): lambda rows: rows.events().of_importance(TURNING_POINTS),
    (ExportKind.TREATMENT_SUMMARY, "results"): latest_results,
}


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of what there are, of which days, and what is left out."""

    numbers: dict[str, int]
    first_day: date | None = None
    last_day: date | None = None
    withheld: list[Withheld] = field(default_factory=list)


def counts(request: Request) -> Counts:
    """For a preview of an export."""
    request.require_entitled()
    request.wanted.require_valid()
    rows, names = Rows(in_period(request)), OF_KIND[request.wanted.kind]
    numbers = {name: _rows_of(rows, name).count() for name in names}
    first, last = _days(rows, names)
    return Counts(numbers, first, last, withheld(rows))


def _rows_of(rows: Rows, name: str) -> Any:
    chosen = CHOSEN.get((rows.wanted.kind, name))
    return chosen(rows) if chosen else getattr(rows, name)()


def _days(rows: Rows, names: tuple[str, ...]) -> tuple[date | None, date | None]:
    """From the first to the last session or event."""
    columns = {"sessions": "session_date", "events": "event_date"}
    ends: list[datetime] = []
    for name in set(columns) & set(names):
        found = _rows_of(rows, name).order_by().aggregate(first=Min(columns[name]), last=Max(columns[name]))
        ends += [moment for moment in found.values() if moment]
    days = [timezone.localdate(moment, rows.patient.clinic_zone) for moment in ends]
    return min(days, default=None), max(days, default=None)


def in_words(numbers: Mapping[str, int]) -> list[tuple[str, int]]:
    """What there is, in words; what was withheld stands apart."""
    return [(LABELS[name], number) for name, number in numbers.items() if name in LABELS and number]


def sizes_of(record: Record) -> dict[str, int]:
    """The same numbers of a record, for its job."""
    return {name: len(_part(record, name)) for name in OF_KIND[record.about.kind]}


def _part(record: Record, name: str) -> list[Any]:
    found: list[Any] = getattr(record.treatment if name in OF_TREATMENT else record, name)
    return found
