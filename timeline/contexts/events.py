"""Events as shown on pages."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils import timezone

from timeline.choices import EVENT_TYPES
from timeline.contexts.session_texts import SUMMARY
from timeline.models import GOAL, MEASURE, MILESTONE, NOTE, PLAN, REVIEW, SESSION

# Of related entities.
PAGES = {
    SESSION: "sessions:detail",
    NOTE: "notes:detail",
    PLAN: "plans:detail",
    GOAL: "goals:detail",
    MEASURE: "measures:detail",
}
PAGES_FOR_PATIENTS = {NOTE: "portal_notes:detail", SUMMARY: "portal_summaries:detail"}
LISTS_FOR_PATIENTS = {PLAN: "portal_plans:list", MEASURE: "portal_measures:list"}
Months = list[tuple[date, list[dict[str, Any]]]]


def therapist_event(row: Mapping[str, Any]) -> dict[str, Any]:
    """An event for therapists, with a link to what it is about."""
    event_type = EVENT_TYPES[row["event_type"]]
    url = _url(row, PAGES)
    if row["related_entity_type"] in {REVIEW, MILESTONE}:
        url = reverse(PAGES[PLAN], args=[row["metadata"]["plan_id"]])
    plain = ("event_type", "title", "description", "event_date", "importance", "is_private", "metadata")
    return {name: row[name] for name in plain} | {"label": event_type.label, "icon": event_type.icon, "url": url}


def patient_event(row: Mapping[str, Any]) -> dict[str, Any]:
    """An event for the patient: without metadata, and with links only to pages of the portal."""
    event_type = EVENT_TYPES[row["event_type"]]
    own_list = LISTS_FOR_PATIENTS.get(row["related_entity_type"])
    url = reverse(own_list) if own_list else _url(row, PAGES_FOR_PATIENTS)
    plain = ("event_type", "title", "description", "event_date", "importance")
    shown = {"label": event_type.plain, "icon": event_type.icon, "url": url}
    return {name: row[name] for name in plain} | shown | {"is_private": False, "metadata": {}}


def _url(row: Mapping[str, Any], pages: Mapping[str, str]) -> str:
    page = pages.get(row["related_entity_type"])
    return reverse(page, args=[row["related_entity_id"]]) if page else ""


def by_month(events: Iterable[dict[str, Any]]) -> Months:
    """Group events by the first day of their month in the reader's time zone, keeping their order."""
    return [(month, list(group)) for month, group in groupby(events, key=lambda event: _month(event["event_date"]))]


def _month(when: date) -> date:
    day = timezone.localdate(when) if isinstance(when, datetime) else when
    return day.replace(day=1)
