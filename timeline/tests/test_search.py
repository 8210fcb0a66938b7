"""A search finds what the reader sees and what is stored, id for id, whoever reads and whatever is asked."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.tests.factories import BreakGlassFactory, CareFactory
from therapybridge.core.errors import NotFound
from timeline.contexts.feed import all_events
from timeline.contexts.session_texts import plain_words
from timeline.filters import EventFilters
from timeline.models import TimelineEvent
from timeline.services.derived_events import withdraw_events
from timeline.tests.factories import make_event
from timeline.tests.test_feed_query import pages
from timeline.tests.test_session_texts import shared, withdraw
from timeline.tests.test_treatment_texts import add_goal, treat
from treatment.plans.tests.factories import make_plan

pytestmark = pytest.mark.django_db
TERMS = (
    "AVOIDANCE",
    "the bus",
    "i",
    "First  ride",
    "no summary is shared",
    "shared",
    "quarrel",
    "goal set",
    "18 of 27",
)
TERMS += (
    "started a plan",
    "mood",
    "Session #",
    "100%",
    "sleep",
    "Continue",
    "PHQ",
    "nothing of it",
    "Straße",
    "STRASSE",
)
FILTERS = st.builds(
    EventFilters,
    search=st.sampled_from(TERMS),
    event_types=st.sets(st.sampled_from(("goal", "session", "assessment", "note"))).map(
        lambda some: tuple(sorted(some))
    ),
    importance=st.sampled_from(((), (), ("normal",), ("low", "milestone"))),
)


def fill(therapist, patient):
    """Everything that has its words elsewhere, beside what was written by hand."""
    treated = treat(therapist, patient)
    add_goal(make_plan(patient, therapist), therapist, wording="Avoidance of a draft")
    shared(patient, therapist, "The quarrel ended. You sleep in der Straße.")
    withdraw(shared(patient, therapist, "A quarrel that was withdrawn", day=1))
    shared(patient, therapist, "You rested.", day=2)
    make_event(patient, title="Sleep 100%", description="Avoidance", is_private=True)
    make_event(patient, title="The bus", description="Goal set")
    withdraw_events("goal", treated["goal"].pk, event_subtype="set")


@pytest.fixture
def filled(therapist, patient):
    for person in (CareFactory(therapist=therapist).patient, patient):
        fill(therapist, person)
    return patient


@pytest.fixture
def readers(filled, therapist, other_therapist, foreign_therapist):
    granted = BreakGlassFactory(patient=filled, therapist__clinic=filled.clinic).therapist
    BreakGlassFactory(patient=filled, therapist=other_therapist, expires_at=timezone.now() - timedelta(seconds=1))
    return [therapist, filled, granted, other_therapist, foreign_therapist]


def expected(patient, reader, filters):
    """What holds the words as it is shown in full, or as it is stored."""
    events = TimelineEvent.objects.visible_to(reader).filter(patient=patient)
    events = events.of_types(filters.event_types).of_importance(filters.importance)
    words = plain_words(filters.search)
    stored = set(events.filter(title__ilike=filters.search).values_list("pk", flat=True))
    stored |= set(events.filter(description__ilike=filters.search).values_list("pk", flat=True))
    written = set(events.filter(related_entity_id=None).values_list("pk", flat=True))
    shown = {
        row["id"]
        for row in all_events(events, reader)
        if row["id"] not in written and any(words in plain_words(row[name]) for name in ("title", "description"))
    }
    return [pk for pk in events.in_order().values_list("pk", flat=True) if pk in stored | shown]


@given(filters=FILTERS, limit=st.integers(1, 5))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_search_finds_what_is_shown_or_stored(filled, readers, filters, limit):
    for reader in readers[:3]:
        found = expected(filled, reader, filters)
        assert pages(filled, reader, filters, limit) == (found, {(len(found), True)})
    for stranger in readers[3:]:
        with pytest.raises(NotFound):
            pages(filled, stranger, filters, limit)


@pytest.mark.parametrize(
    ("term", "to_therapist", "to_patient"),
    [("AVOIDANCE", 2, 0), ("the bus", 1, 2), ("quarrel", 1, 1), ("no summary", 1, 1), ("18 of", 1, 0), ("never", 0, 0)],
)
def test_the_oracle_knows_who_sees_which_words(filled, readers, term, to_therapist, to_patient):
    for reader, number in zip(readers, (to_therapist, to_patient, to_therapist, 0, 0), strict=True):
        assert len(expected(filled, reader, EventFilters(search=term))) == number
