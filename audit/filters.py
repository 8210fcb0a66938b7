"""Filters of the audit trail, shared by the page, the export and the API."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone

from audit import audit_actions
from audit.models import AuditEvent
from audit.services.chain import first_id_at
from therapybridge.core.api.moments import EARLIEST, LATEST

# A row's id is created a moment before its timestamp, perhaps by another machine's clock.
SLACK = timedelta(minutes=1)
Rows = QuerySet[AuditEvent]


def _categories() -> list[tuple[str, str]]:
    return [(name, name.replace("_", " ").capitalize()) for name in audit_actions.categories()]


def validate_day(day: date) -> None:
    """Reject days near the ends of the calendar, which do not exist in every time zone."""
    if not EARLIEST.date() <= day < LATEST.date():
        raise ValidationError("This date is too far away.")


def _day(label: str, narrow: Callable[[Rows, date], Rows]) -> django_filters.DateFilter:
    return django_filters.DateFilter(
        label=label,
        method=lambda rows, name, day: narrow(rows, day),
        validators=[validate_day],
        widget=forms.DateInput(attrs={"type": "date"}),
    )


def since(rows: Rows, day: date) -> Rows:
    """Rows from the start of the day in the reader's time zone; ids are in time order, so their index is used."""
    start = _midnight(day)
    return rows.filter(pk__gte=first_id_at(start - SLACK), created_at__gte=start)


def until(rows: Rows, day: date) -> Rows:
    """Rows up to the end of the day in the reader's time zone."""
    end = _midnight(day + timedelta(days=1))
    return rows.filter(pk__lt=first_id_at(end + SLACK), created_at__lt=end)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


class TrailFilter(django_filters.FilterSet):  # type: ignore[misc]  # the library has no types
    """Filters by action or category, outcome, days (inclusive), actor, patient, emergency access and any id."""

    category = django_filters.ChoiceFilter(label="About", choices=_categories(), method="in_category")
    action = django_filters.CharFilter(label="Action", max_length=80)
    outcome = django_filters.ChoiceFilter(label="Outcome", choices=AuditEvent.Outcome.choices)
    since = _day("From", since)
    until = _day("To", until)
    actor = django_filters.UUIDFilter(label="Actor's ID", field_name="actor_id")
    patient = django_filters.UUIDFilter(label="Patient's ID", field_name="patient_id")
    emergency = django_filters.BooleanFilter(
        label="Emergency access only", method="in_emergency", widget=forms.CheckboxInput
    )
    search = django_filters.CharFilter(label="Any ID, or a request's reference", method="by_id", max_length=64)

    class Meta:
        model = AuditEvent
        fields: list[str] = []

    def in_category(self, rows: Rows, name: str, value: str) -> Rows:
        """Match the first word of the action: "patient" finds "patient.read" but not "patients.read"."""
        return rows.filter(action__startswith=f"{value}.")

    def in_emergency(self, rows: Rows, name: str, value: Any) -> Rows:
        """Only rows under emergency access; unchecked, all rows."""
        return rows.filter(grant_id__isnull=False) if value else rows

    def by_id(self, rows: Rows, name: str, value: str) -> Rows:
        """Rows with this id as their own, or as target, patient, actor, grant or request."""
        wanted = value.strip()
        found = Q(request_id=wanted)
        try:
            key = UUID(wanted)
        except ValueError:
            return rows.filter(found)
        return rows.filter(found | Q(pk=key) | Q(target_id=key) | Q(patient_id=key) | Q(actor_id=key) | Q(grant_id=key))
