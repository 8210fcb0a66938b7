"""What has changed since, on a timeline: found by the same moment that an event shows, wherever it comes from."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from sessions_app.models import PatientSummary
from timeline.contexts.feed import read_feed
from timeline.filters import EventFilters
from timeline.models import SESSION, TimelineEvent
from timeline.tests.factories import approve, draft_summary, make_event, make_session
from timeline.tests.test_treatment_texts import treat
from treatment.models import Goal, MeasureResult, PlanMilestone, PlanReview, TreatmentPlan

pytestmark = pytest.mark.django_db
BEFORE = timezone.now() - timedelta(days=9)
SINCE = BEFORE + timedelta(days=1)
SOURCES = {
    TreatmentPlan: "treatment_plan",
    PlanReview: "treatment_plan",
    Goal: "goal",
    PlanMilestone: "milestone",
    MeasureResult: "assessment",
    PatientSummary: "session",
}


@pytest.fixture
def story(therapist, patient):
    """Events of all kinds, long ago."""
    treat(therapist, patient)
    session = make_session(patient, therapist)
    approve(draft_summary(session, "You slept badly."))
    event = {"related_entity_type": SESSION, "related_entity_id": session.pk, "event_type": "session"}
    make_event(patient, **event)
    make_event(patient)
    for model in (TimelineEvent, *SOURCES):
        model.objects.update(updated_at=BEFORE)
    return patient


def rows(patient, reader, since=None) -> list[dict[str, Any]]:
    return read_feed(patient.pk, reader, EventFilters(since=since), None, 50).events


def test_nothing_is_found_while_nothing_changes(story, therapist):
    assert len(rows(story, therapist, BEFORE)) == 9
    assert rows(story, therapist, SINCE) == []


@pytest.mark.parametrize("model", SOURCES, ids=lambda model: model.__name__)
def test_what_an_event_shows_is_part_of_its_changes(story, therapist, model):
    model.objects.update(updated_at=SINCE)
    for reader in (therapist, story):
        found = rows(story, reader, SINCE)
        assert found == [row for row in rows(story, reader) if row["updated_at"] >= SINCE]
        assert {row["event_type"] for row in found} == {SOURCES[model]}


def test_an_event_of_its_own_is_found(story, therapist):
    own = TimelineEvent.objects.get(related_entity_id=None)
    TimelineEvent.objects.filter(pk=own.pk).update(title="Sleep")
    assert [row["id"] for row in rows(story, therapist, SINCE)] == [own.pk]
    feed = read_feed(story.pk, therapist, EventFilters(since=SINCE, event_types=("goal",)), None, 50)
    assert (feed.events, feed.total_count) == ([], 0)


def test_a_summary_that_was_never_shared_changes_nothing(story, therapist):
    PatientSummary.objects.update(status="draft", approved_at=None)
    assert rows(story, therapist, SINCE) == []


def test_the_patient_is_not_told_of_private_events(story, therapist):
    TimelineEvent.objects.filter(related_entity_id=None).update(is_private=True)
    assert len(rows(story, therapist, SINCE)) == 1
    assert rows(story, story, SINCE) == []
