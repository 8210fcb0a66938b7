"""The API's timeline: pages, filters, totals and cursors."""

import json
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.tests.factories import CareFactory, PatientFactory
from audit.models import AuditEvent
from therapybridge.core.api.renderers import to_json
from timeline.contexts.feed import shown_to
from timeline.contexts.feed_query import MOST_COUNTED
from timeline.models import TimelineCount, TimelineEvent
from timeline.serializers import EventSerializer
from timeline.services.session_events import reconcile_sessions
from timeline.tests.factories import START, make_event, make_events, make_session

pytestmark = pytest.mark.django_db


def url_of(patient):
    return f"/api/v1/patients/{patient.pk}/timeline"


def read(api, patient, **query):
    answer = api.get(url_of(patient), query)
    assert answer.status_code == 200, answer.content
    return answer.json()


def read_all(api, patient, between_pages=lambda: None, **query):
    pages = [read(api, patient, **query)]
    while pages[-1]["has_more"]:
        between_pages()
        pages.append(read(api, patient, cursor=pages[-1]["next_cursor"], **query))
    return [event["id"] for page in pages for event in page["events"]]


def ids(rows):
    return [str(pk) for pk in rows.order_by("-event_date", "-id").values_list("pk", flat=True)]


def test_a_page_holds_the_newest_events_and_the_exact_total(api_for, therapist, patient):
    make_events(patient, 7)
    page = read(api_for(therapist), patient, limit=3)
    assert [event["id"] for event in page["events"]] == ids(TimelineEvent.objects.all())[:3]
    assert (page["has_more"], page["total_count"], page["total_count_exact"]) == (True, 7, True)
    assert set(page["events"][0]) == {
        "id",
        "event_type",
        "event_subtype",
        "event_date",
        "title",
        "description",
        "metadata",
        "related_entity_type",
        "related_entity_id",
        "importance",
        "is_private",
        "created_at",
        "updated_at",
    }


@pytest.mark.parametrize("role", ["therapist", "patient"])
def test_a_page_is_what_the_serializer_of_the_schema_shows(api_for, therapist, patient, role):
    make_session(patient, therapist)
    reconcile_sessions()
    make_event(patient, event_subtype="dose", description="Evenings.", metadata={"dose": "50 mg"}, importance="high")
    reader = {"therapist": therapist, "patient": patient}[role]
    page = read(api_for(reader), patient)
    shown = EventSerializer(TimelineEvent.objects.visible_to(reader).in_order(), many=True).data
    rows = json.loads(to_json([shown_to(reader, dict(row)) for row in shown]))
    texts = [{"description": event["description"]} for event in page["results"]]
    assert page["results"] == page["events"] == [row | text for row, text in zip(rows, texts, strict=True)]
    assert texts == [{"description": "Evenings."}, {"description": "No summary is shared"}]
    assert page["results"][0]["metadata"] == ({} if role == "patient" else {"dose": "50 mg"})


def test_the_last_page_has_no_cursor(api_for, therapist, patient):
    make_events(patient, 2)
    page = read(api_for(therapist), patient, limit=2)
    assert (page["has_more"], page["next_cursor"]) == (False, None)


def test_an_empty_timeline_is_not_an_unknown_patient(api_for, therapist, patient):
    page = read(api_for(therapist), patient)
    assert page.pop("next_updated_since")
    assert page == {
        "results": [],
        "events": [],
        "next": None,
        "next_cursor": None,
        "previous": None,
        "has_more": False,
        "total_count": 0,
        "total_count_exact": True,
    }


@given(hours=st.lists(st.integers(0, 3), max_size=14), limit=st.integers(1, 5))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_pages_joined_are_the_whole_list_however_many_dates_tie(api_for, therapist, patient, hours, limit):
    TimelineEvent.objects.all().delete()
    TimelineCount.objects.all().delete()
    for hour in hours:
        make_event(patient, event_date=START + timedelta(hours=hour))
    assert read_all(api_for(therapist), patient, limit=limit) == ids(TimelineEvent.objects.all())


def test_inserts_while_paging_neither_repeat_nor_hide_a_row(api_for, therapist, patient):
    make_events(patient, 9, event_date=START)
    before = ids(TimelineEvent.objects.all())

    def insert():
        make_event(patient, event_date=START + timedelta(days=1))
        make_event(patient, event_date=START)

    seen = read_all(api_for(therapist), patient, between_pages=insert, limit=2)
    assert len(seen) == len(set(seen))
    assert [pk for pk in seen if pk in before] == before


def test_filters_narrow_pages_and_total(api_for, therapist, patient):
    goal = make_event(patient, event_type="goal", importance="high")
    session = make_event(patient, event_type="session", importance="milestone")
    make_event(patient)
    api = api_for(therapist)
    by_type = read(api, patient, event_types="goal,session")
    assert {event["id"] for event in by_type["events"]} == {str(goal.pk), str(session.pk)}
    assert (by_type["total_count"], by_type["total_count_exact"]) == (2, True)
    by_importance = read(api, patient, importance="high")
    assert [event["id"] for event in by_importance["events"]] == [str(goal.pk)]
    assert by_importance["total_count"] == 1


def test_dates_are_whole_days_and_the_end_is_included(api_for, therapist, patient):
    days = [make_event(patient, event_date=START.replace(hour=23, minute=59) + timedelta(days=n)) for n in range(4)]
    api = api_for(therapist)
    two = read(api, patient, start_date="2026-01-06", end_date="2026-01-07")
    assert [event["id"] for event in two["events"]] == [str(days[2].pk), str(days[1].pk)]
    moment = days[1].event_date.strftime("%Y-%m-%dT%H:%M:%SZ")
    one = read(api, patient, start_date=moment, end_date=moment)
    assert [event["id"] for event in one["events"]] == [str(days[1].pk)]


@pytest.mark.parametrize("term", ["PANIC", "panic at"])
def test_search_ignores_case_in_title_and_description(api_for, therapist, patient, term):
    by_title = make_event(patient, title="A Panic at work")
    by_text = make_event(patient, description="no panic at home")
    make_event(patient, title="Sleep")
    found = read(api_for(therapist), patient, search=term)
    assert {event["id"] for event in found["events"]} == {str(by_title.pk), str(by_text.pk)}


@pytest.mark.parametrize("term", ["100%", "under_score", "back\\slash"])
def test_search_takes_wildcards_literally(api_for, therapist, patient, term):
    meant = make_event(patient, title=f"x {term} y")
    make_event(patient, title="x 100 underXscore backXslash y")
    found = read(api_for(therapist), patient, search=term)
    assert [event["id"] for event in found["events"]] == [str(meant.pk)]


def test_a_filtered_total_is_capped(api_for, therapist, patient):
    rows = [TimelineEvent(patient=patient, event_type="note", event_date=START, title="dup") for _ in range(1005)]
    TimelineEvent.objects.bulk_create(rows)
    page = read(api_for(therapist), patient, search="dup", limit=1)
    assert (page["total_count"], page["total_count_exact"]) == (MOST_COUNTED + 1, False)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"event_types": "goal,gaol"}, "event_types"),
        ({"importance": "huge"}, "importance"),
        ({"start_date": "2026-02-30"}, "start_date"),
        ({"end_date": "9999-12-31"}, "end_date"),
        ({"start_date": "2026-02-02", "end_date": "2026-02-01"}, "end_date"),
        ({"search": "a\x00b"}, "search"),
        ({"search": "a" * 201}, "search"),
        ({"limit": "0"}, "limit"),
        ({"limit": "101"}, "limit"),
        ({"limit": "x"}, "limit"),
    ],
)
def test_a_wrong_parameter_is_named(api_for, therapist, patient, query, field):
    answer = api_for(therapist).get(url_of(patient), query)
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [field]


def test_a_cursor_opens_only_the_list_it_came_from(api_for, therapist, patient):
    second = PatientFactory(clinic=therapist.clinic)
    CareFactory(therapist=therapist, patient=second)
    for person in (patient, second):
        make_events(person, 3)
    api = api_for(therapist)
    cursor = read(api, patient, limit=1)["next_cursor"]
    assert api.get(url_of(patient), {"cursor": cursor, "limit": 2}).status_code == 200
    refused = [
        api.get(url_of(second), {"cursor": cursor}),
        api.get(url_of(patient), {"cursor": cursor, "event_types": "note"}),
        api.get(url_of(patient), {"cursor": cursor, "search": "Entry"}),
        api.get(url_of(patient), {"cursor": cursor[:-2] + "AA"}),
        api.get(url_of(patient), {"cursor": "no cursor"}),
    ]
    assert {(answer.status_code, answer.json()["code"]) for answer in refused} == {(400, "invalid_cursor")}


def test_each_read_leaves_one_row_on_record(api_for, therapist, patient):
    api = api_for(therapist)
    before = set(AuditEvent.objects.values_list("pk", flat=True))
    read(api, patient)
    (row,) = AuditEvent.objects.exclude(pk__in=before)
    assert (row.action, row.actor_id, row.patient_id, row.outcome) == (
        "timeline.read",
        therapist.pk,
        patient.pk,
        "ok",
    )


def test_strangers_find_nothing_and_leave_a_denial(api_for, patient, other_therapist, foreign_therapist):
    make_event(patient, title="canary")
    for stranger in (other_therapist, foreign_therapist, PatientFactory(clinic=patient.clinic)):
        answer = api_for(stranger).get(url_of(patient))
        assert answer.status_code == 404
        assert b"canary" not in answer.content
        (row,) = AuditEvent.objects.filter(actor=stranger, action="timeline.read")
        assert (row.outcome, row.patient_id) == ("denied", patient.pk)


def test_without_a_token_nobody_reads(client, patient):
    assert client.get(url_of(patient)).status_code == 401


def test_an_ended_relation_closes_the_timeline(api_for, therapist, patient):
    make_event(patient)
    api = api_for(therapist)
    read(api, patient)
    therapist.patient_relations.update(is_active=False)
    assert api.get(url_of(patient)).status_code == 404
