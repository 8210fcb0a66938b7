"""A timeline at a glance: what it says is what the rows say to that reader, and it does not cost more for more rows."""

from collections import Counter
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings

from accounts.models import User
from accounts.tests.factories import CareFactory
from audit.models import AuditEvent
from therapybridge.core.errors import NotFound
from timeline.contexts.summary import MOST, summary_of
from timeline.models import TimelineEvent
from timeline.tests.factories import START, make_event, make_events, make_session
from timeline.tests.test_feed_query import EVENTS, fill

pytestmark = pytest.mark.django_db


def address(patient: User) -> str:
    return f"/api/v1/patients/{patient.pk}/timeline/summary"


def counted(patient: User, reader: User) -> dict[str, Any]:
    """The same from the rows, one by one."""
    rows = [row for row in TimelineEvent.objects.all() if row.patient_id == patient.pk and row.deleted_at is None]
    rows = [row for row in rows if reader.is_therapist or not row.is_private]
    rows.sort(key=lambda row: (row.event_date, row.pk), reverse=True)
    sessions = [row.event_date for row in rows if row.event_type == "session"]
    return {
        "by_type": dict(Counter(row.event_type for row in rows)),
        "total": len(rows),
        "first": min(sessions, default=None),
        "last": max(sessions, default=None),
        "highlights": [row.pk for row in rows if row.importance in {"high", "critical"}][:MOST],
    }


@given(drawn=EVENTS)
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_it_says_what_the_rows_say_to_each_reader(patient, therapist, readers, drawn):
    fill(patient, CareFactory(therapist=therapist).patient, drawn)
    for reader in readers:
        if not User.objects.patients_visible_to(reader).filter(pk=patient.pk).exists():
            with pytest.raises(NotFound):
                summary_of(patient.pk, reader)
            continue
        summary = summary_of(patient.pk, reader)
        assert counted(patient, reader) == {
            "by_type": summary.events_by_type,
            "total": summary.total_count,
            "first": summary.first_session,
            "last": summary.last_session,
            "highlights": [row["id"] for row in summary.highlights.events],
        }


def test_milestones_are_the_newest_with_their_number(patient, therapist):
    made = make_events(patient, MOST + 2, importance="milestone")
    summary = summary_of(patient.pk, therapist)
    assert [row["id"] for row in summary.milestones.events] == [one.pk for one in reversed(made)][:MOST]
    assert (summary.milestones.total_count, summary.milestones.total_count_exact) == (MOST + 2, True)


def test_highlights_are_merged_from_their_levels(patient, therapist):
    made = [make_event(patient, importance=("high", "critical")[at % 2]) for at in range(2 * MOST + 4)]
    summary = summary_of(patient.pk, therapist)
    assert [row["id"] for row in summary.highlights.events] == [one.pk for one in reversed(made)][:MOST]
    assert (summary.highlights.total_count, summary.highlights.total_count_exact) == (len(made), True)


def test_a_patient_is_told_the_same_as_a_twin_without_private_rows(patient, therapist, api_for):
    twin = CareFactory(therapist=therapist).patient
    for person in (patient, twin):
        make_event(person, event_type="session", event_date=START, title="Session #1", importance="milestone")
    private = {"is_private": True, "importance": "critical", "title": "canary"}
    make_event(patient, event_type="session", event_date=START.replace(year=2020), **private)
    make_event(patient, event_type="diagnosis", **private)
    told, of_twin = (api_for(person).get(address(person)).json() for person in (patient, twin))
    for one in (told, of_twin):
        for row in one["milestones"]["events"]:
            for name in ("id", "created_at", "updated_at"):
                del row[name]
    assert told == of_twin
    assert told["events_by_type"] == {"session": 1}


def test_an_empty_timeline_has_no_sessions(patient, therapist, api_for):
    told = api_for(therapist).get(address(patient)).json()
    nothing = {"events": [], "total_count": 0, "total_count_exact": True}
    assert told == {
        "total_count": 0,
        "events_by_type": {},
        "first_session": None,
        "last_session": None,
        "milestones": nothing,
        "highlights": nothing,
    }


def test_the_reading_is_on_record_and_so_is_a_refusal(patient, therapist, api_for, other_therapist):
    shown = make_event(patient, importance="high")
    api_for(therapist).get(address(patient))
    assert AuditEvent.objects.get(action="timeline.read", outcome="ok").ids == [str(shown.pk)]
    assert api_for(other_therapist).get(address(patient)).status_code == 404
    assert AuditEvent.objects.filter(action="timeline.read", outcome="denied", patient_id=patient.pk).count() == 1


def test_more_rows_take_no_more_queries(patient, therapist):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            summary_of(patient.pk, therapist)
        return len(captured)

    make_session(patient, therapist)
    for importance in ("high", "milestone"):
        make_events(patient, 2, importance=importance)
    few = queries()
    for importance in ("high", "milestone", "critical"):
        make_events(patient, 30, importance=importance)
    assert queries() <= few + 3  # of each level, what does not fit is counted
