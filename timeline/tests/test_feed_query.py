"""Pages whose SQL is built once are what the querysets find, id for id, whoever reads and whatever is asked."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Q
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from accounts.tests.factories import CareFactory
from therapybridge.core.errors import NotFound
from timeline.contexts.feed import all_events, read_feed
from timeline.filters import EventFilters
from timeline.models import TimelineCount, TimelineEvent
from timeline.tests.factories import START, make_event

pytestmark = pytest.mark.django_db
TYPES, LEVELS, WORDS = ("note", "goal", "session"), ("low", "normal", "high"), ("Panic", "sleep", "walk 100%")
HOURS = st.integers(0, 5)
EVENTS = st.lists(
    st.fixed_dictionaries(
        {
            "event_type": st.sampled_from(TYPES),
            "importance": st.sampled_from(LEVELS),
            "title": st.sampled_from(WORDS),
            "is_private": st.booleans(),
            "hour": HOURS,
            "is_deleted": st.booleans(),
            "is_of_another": st.booleans(),
            "changed": HOURS,
        }
    ),
    max_size=12,
)
MOMENTS = st.none() | HOURS.map(lambda hour: START + timedelta(hours=hour))
FILTERS = st.builds(
    EventFilters,
    event_types=st.sets(st.sampled_from(TYPES)).map(lambda some: tuple(sorted(some))),
    importance=st.sets(st.sampled_from(LEVELS)).map(lambda some: tuple(sorted(some))),
    start=MOMENTS,
    end=MOMENTS,
    search=st.sampled_from(("", "", "panic", "100%")),
    since=MOMENTS,
)


def pages(patient: User, reader: User, filters: EventFilters, limit: int) -> tuple[list[Any], set[tuple[int, bool]]]:
    """The ids of all pages, and the totals that these told."""
    found, totals, cursor = [], set(), None
    while True:
        feed = read_feed(patient.pk, reader, filters, cursor, limit)
        found += [row["id"] for row in feed.events]
        totals.add((feed.total_count, feed.total_count_exact))
        cursor = feed.next_cursor
        assert feed.has_more == (cursor is not None)
        if cursor is None:
            return found, totals


def fill(patient: User, other: User, drawn: list[dict[str, Any]]) -> None:
    TimelineEvent.objects.all().delete()
    TimelineCount.objects.all().delete()
    for one in drawn:
        fields = {name: one[name] for name in ("event_type", "importance", "title", "is_private")}
        whose = other if one["is_of_another"] else patient
        if one["is_deleted"]:
            event = TimelineEvent.objects.create(
                patient=whose, event_date=START + timedelta(hours=one["hour"]), deleted_at=START, **fields
            )
        else:
            event = make_event(whose, event_date=START + timedelta(hours=one["hour"]), **fields)
        TimelineEvent.objects.filter(pk=event.pk).update(updated_at=START + timedelta(hours=one["changed"]))


@given(drawn=EVENTS, filters=FILTERS, limit=st.integers(1, 4))
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_pages_are_what_the_querysets_find(patient, therapist, readers, drawn, filters, limit):
    fill(patient, CareFactory(therapist=therapist).patient, drawn)
    for reader in readers:
        rows = filters.apply(TimelineEvent.objects.visible_to(reader).filter(patient=patient), Q(pk__in=[]))
        shown = all_events(rows, reader)
        expected = [row["id"] for row in shown if not filters.since or row["updated_at"] >= filters.since]
        if not User.objects.patients_visible_to(reader).filter(pk=patient.pk).exists():
            assert expected == []
            with pytest.raises(NotFound):
                read_feed(patient.pk, reader, filters, None, limit)
            continue
        assert pages(patient, reader, filters, limit) == (expected, {(len(expected), True)})


def test_the_readers_are_let_in_for_every_reason_and_kept_out_for_the_others(patient, readers):
    seeing = [User.objects.patients_visible_to(reader).filter(pk=patient.pk).exists() for reader in readers]
    assert seeing == [True, True, False, True, False, False, False, False, False, False, False]
