"""Events as shown on pages."""

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils import timezone

from timeline.choices import EVENT_TYPES
from timeline.models import SESSION

Months = list[tuple[date, list[dict[str, Any]]]]


def therapist_event(row: Mapping[str, Any]) -> dict[str, Any]:
    """An event for therapists, with a link to its session."""
    event_type = EVENT_TYPES[row["event_type"]]
    is_session = row["related_entity_type"] == SESSION
    url = reverse("sessions:detail", args=[row["related_entity_id"]]) if is_session else ""
    plain = ("event_type", "title", "description", "event_date", "importance", "is_private", "metadata")
    return {name: row[name] for name in plain} | {"label": event_type.label, "icon": event_type.icon, "url": url}


def patient_event(row: Mapping[str, Any]) -> dict[str, Any]:
    """An event for the patient, without metadata and links, which are for therapists."""
    event_type = EVENT_TYPES[row["event_type"]]
    plain = ("event_type", "title", "description", "event_date", "importance")
    fixed = {"label": event_type.plain, "icon": event_type.icon, "url": "", "is_private": False, "metadata": {}}
    return {name: row[name] for name in plain} | fixed


def by_month(events: Iterable[dict[str, Any]]) -> Months:
    """Group events by the first day of their month in the reader's time zone, keeping their order."""
    months = groupby(events, key=lambda event: timezone.localdate(event["event_date"]).replace(day=1))
    return [(month, list(group)) for month, group in months]
