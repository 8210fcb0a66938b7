"""Contexts of the patient portal: only plain values built for the patient."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from accounts.models import User
from sessions_app.models import PatientSummary, TherapySession
from therapybridge.core.pages.lists import address
from timeline.contexts.events import by_month, patient_event
from timeline.contexts.feed import read_feed
from timeline.contexts.patients import EVENTS_A_PAGE
from timeline.filters import EventFilters

LATEST = 5


@dataclass(frozen=True, slots=True)
class SharedSummary:
    """A summary that a therapist approved; `date` is the session's."""

    title: str
    date: datetime
    text: str


def home_context(patient: User) -> dict[str, Any]:
    """The latest shared summary and the latest events."""
    latest = _approved(patient).first()
    feed = read_feed(patient.pk, patient, EventFilters(), None, LATEST)
    return {
        "latest_summary": _shared(latest) if latest else None,
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


def _approved(patient: User) -> QuerySet[PatientSummary]:
    """Approved summaries, newest session first. Patients cannot read sessions, so the approval alone gives access."""
    sessions = TherapySession.objects.counted().filter(patient__in=User.objects.patients_visible_to(patient))
    rows = PatientSummary.objects.filter(session__in=sessions, session__patient=patient, approved_at__isnull=False)
    return rows.select_related("session").order_by("-session__session_date", "-session_id")


def _shared(summary: PatientSummary) -> SharedSummary:
    return SharedSummary(summary.session.title, summary.session.session_date, summary.text)
