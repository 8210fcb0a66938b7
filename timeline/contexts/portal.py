"""Contexts of the patient portal: only plain values built for the patient."""

from typing import Any

from django.urls import reverse

from accounts.models import User
from sessions_app.action_items.contexts import agreed_now
from sessions_app.notes.contexts.shared import latest_shared
from therapybridge.core.pages.lists import address
from timeline.contexts.events import by_month, patient_event
from timeline.contexts.feed import read_feed
from timeline.contexts.patients import EVENTS_A_PAGE
from timeline.filters import EventFilters
from treatment.measures.contexts.pages import waiting_for
from treatment.tracking.contexts import asked_of

LATEST = 5


def home_context(patient: User) -> dict[str, Any]:
    """What waits to be filled in or answered today, the latest shared summary, what is agreed and open, and the latest
    events.
    """
    feed = read_feed(patient.pk, patient, EventFilters(), None, LATEST)
    return {
        "questionnaires": waiting_for(patient),
        "check_in_due": any(one.is_due for one in asked_of(patient)),
        "latest_summary": latest_shared(patient),
        "agreed": agreed_now(patient),
        "events": [patient_event(row) for row in feed.events],
    }


def timeline_context(patient: User, cursor: str | None) -> dict[str, Any]:
    """A page of the patient's own timeline by month."""
    feed = read_feed(patient.pk, patient, EventFilters(), cursor, EVENTS_A_PAGE)
    path = reverse("portal:timeline")
    return {
        "events_by_month": by_month(map(patient_event, feed.events)),
        "next_url": address(path, {"cursor": feed.next_cursor}) if feed.next_cursor else "",
    }
