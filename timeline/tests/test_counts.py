"""The maintained totals equal counts after any sequence of changes."""

from uuid import uuid4

import pytest
from django.db.models import Count
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.tests.factories import access_for
from accounts.tests.threads import at_once
from timeline.models import TimelineCount, TimelineEvent
from timeline.services.derived_events import DerivedEvent, record_event, withdraw_events
from timeline.services.event_rows import remove_event
from timeline.services.events import create_event, delete_event, update_event
from timeline.tests.factories import START, make_event, make_events

FACTS = [uuid4() for _ in range(3)]
KINDS = st.sampled_from(["note", "goal"])
CHANGES = st.one_of(
    st.tuples(st.just("create"), KINDS, st.booleans()),
    st.tuples(st.just("update"), KINDS, st.booleans(), st.integers(0, 9)),
    st.tuples(st.just("delete"), st.integers(0, 9)),
    st.tuples(st.just("record"), st.sampled_from(FACTS), st.booleans()),
    st.tuples(st.just("withdraw"), st.sampled_from(FACTS)),
)


def kept():
    rows = TimelineCount.objects.exclude(count=0)
    return {(row.patient_id, row.event_type, row.is_private): row.count for row in rows}


def counted():
    groups = TimelineEvent.objects.live().order_by().values_list("patient_id", "event_type", "is_private")
    return {tuple(group): number for *group, number in groups.annotate(Count("id"))}


def manual(position):
    rows = list(TimelineEvent.objects.live().filter(related_entity_id=None).order_by("id"))
    return rows[position % len(rows)] if rows else None


def perform(change, access):
    match change:
        case ("create", event_type, is_private):
            fields = {"event_type": event_type, "is_private": is_private, "event_date": START, "title": "x"}
            create_event(access, fields)
        case ("update", event_type, is_private, position) if event := manual(position):
            update_event(event, {"event_type": event_type, "is_private": is_private}, access=access)
        case ("delete", position) if event := manual(position):
            delete_event(event, access=access)
        case ("record", fact, is_private):
            record_event(DerivedEvent(access.patient.pk, None, START, "x", "goal", fact, "goal", is_private=is_private))
        case ("withdraw", fact):
            withdraw_events("goal", fact)


@pytest.mark.django_db
@given(changes=st.lists(CHANGES, max_size=25))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_totals_equal_counts_after_any_sequence(therapist, patient, changes):
    TimelineEvent.objects.all().delete()
    TimelineCount.objects.all().delete()
    access = access_for(therapist, patient)
    for change in changes:
        perform(change, access)
        assert kept() == counted()


@pytest.mark.django_db(transaction=True)
def test_totals_survive_eight_first_events_at_once(patient):
    assert at_once([lambda: make_event(patient)] * 8) == []
    assert sum(kept().values()) == 8
    assert kept() == counted()


@pytest.mark.django_db(transaction=True)
def test_totals_survive_events_that_swap_types_at_once(therapist, patient):
    access = access_for(therapist, patient)
    notes, goals = make_events(patient, 4), make_events(patient, 4, event_type="goal")

    def swap(event, event_type):
        return lambda: update_event(event, {"event_type": event_type}, access=access)

    changes = [swap(event, "goal") for event in notes] + [swap(event, "note") for event in goals]
    assert at_once(changes) == []
    assert kept() == counted()


@pytest.mark.django_db(transaction=True)
def test_an_event_that_eight_delete_at_once_is_counted_out_once(therapist, patient):
    (event, _), access = make_events(patient, 2), access_for(therapist, patient)
    failures = at_once([lambda: delete_event(event, access=access)] * 8)
    assert {error.code for error in failures} == {"event_deleted"}
    assert len(failures) == 7
    assert sum(kept().values()) == 1
    assert kept() == counted()


@pytest.mark.django_db(transaction=True)
def test_a_fact_that_eight_withdraw_at_once_is_counted_out_once(patient):
    for fact in FACTS[:2]:
        record_event(DerivedEvent(patient.pk, None, START, "x", "goal", fact, "goal"))
    assert at_once([lambda: withdraw_events("goal", FACTS[0])] * 8) == []
    assert sum(kept().values()) == 1
    assert kept() == counted()


@pytest.mark.django_db
def test_removing_what_another_removed_changes_nothing(patient):
    event, _ = make_events(patient, 2)
    for _ in range(2):
        remove_event(event)
    assert kept() == counted() == {(patient.pk, "note", False): 1}


@pytest.mark.django_db(transaction=True)
def test_a_write_that_fails_leaves_neither_event_nor_total(therapist, patient, api_for, break_the_trail):
    device = api_for(therapist)
    device.raise_request_exception = False
    break_the_trail()
    fields = {"event_type": "note", "event_date": START.isoformat(), "title": "x"}
    answer = device.post(f"/api/v1/patients/{patient.pk}/timeline", fields, format="json")
    assert answer.status_code == 500
    assert (kept(), counted()) == ({}, {})
