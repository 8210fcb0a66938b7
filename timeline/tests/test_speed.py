"""The cost of a page in queries and blocks does not depend on the timeline's length."""

from datetime import timedelta

import pytest
from django.db import connection

from accounts.models import TherapistPatient, User
from accounts.tests.factories import CareFactory, give_consents
from audit.models import AuditEvent
from therapybridge.tests.plans import analyze, plan_of, queries_of
from timeline.contexts.feed import read_feed
from timeline.filters import EventFilters
from timeline.models import TimelineCount, TimelineEvent
from timeline.tests.factories import START, approve, draft_notes, draft_summary, make_event, make_events, make_session

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
ROWS = 5_000
PEOPLE = 1_000
MOST_BUFFERS = 15


@pytest.fixture
def full_practice(therapist):
    """Enough people and totals to make an index cheaper than a scan."""
    people = User.objects.bulk_create(
        User(first_name="Robin", role="patient", clinic=therapist.clinic) for _ in range(PEOPLE)
    )
    TherapistPatient.objects.bulk_create(TherapistPatient(therapist=therapist, patient=person) for person in people)
    TimelineCount.objects.bulk_create(
        TimelineCount(patient=person, event_type="note", is_private=False) for person in people
    )


@pytest.fixture
def long_timeline(therapist, patient, full_practice):
    """5,000 events of the patient among as many of others; every third one is private."""
    others = [CareFactory(therapist=therapist).patient for _ in range(5)]
    for person, number in [(patient, ROWS), *((other, ROWS // 5) for other in others)]:
        TimelineEvent.objects.bulk_create(
            TimelineEvent(
                patient=person,
                event_type="note",
                event_date=START + timedelta(hours=hour // 2),
                title=f"Entry {hour}",
                description="x" * 150,
                is_private=hour % 3 == 0,
            )
            for hour in range(number)
        )
    TimelineCount.objects.create(patient=patient, event_type="note", is_private=False, count=ROWS * 2 // 3)
    TimelineCount.objects.create(patient=patient, event_type="note", is_private=True, count=ROWS // 3)
    analyze()
    return patient


@pytest.mark.parametrize("role", ["therapist", "patient"])
@pytest.mark.parametrize("pages", [1, 40])
def test_a_page_reads_an_index_and_few_blocks_however_deep(long_timeline, therapist, role, pages):
    reader = {"therapist": therapist, "patient": long_timeline}[role]
    cursor = None
    for _ in range(pages - 1):
        cursor = read_feed(long_timeline.pk, reader, EventFilters(), cursor, 50).next_cursor
    (sql,) = queries_of(lambda: read_feed(long_timeline.pk, reader, EventFilters(), cursor, 20))
    scans, buffers = plan_of(sql, "timeline_")
    assert scans == []
    assert buffers <= MOST_BUFFERS


@pytest.mark.parametrize(
    "filters",
    [
        EventFilters(event_types=("goal",)),
        EventFilters(search="Entry 999"),
        EventFilters(importance=("high",)),
        EventFilters(start=START + timedelta(days=20), end=START + timedelta(days=21)),
        EventFilters(since=START + timedelta(days=9_000)),
    ],
)
def test_filtered_pages_and_totals_stay_within_the_patient(long_timeline, therapist, filters):
    one_in_ten = TimelineEvent.objects.exclude(patient=long_timeline).first().patient_id
    for sql in queries_of(lambda: read_feed(one_in_ten, therapist, filters, None, 20)):
        assert plan_of(sql, "timeline_")[0] == []


@pytest.mark.parametrize("filters", [EventFilters(search="zebra"), EventFilters(importance=("critical",))])
def test_what_is_rare_is_found_without_reading_the_whole_timeline(long_timeline, therapist, filters):
    rare = {"title": "A Zebrafish"} if filters.search else {"importance": "critical"}
    make_event(long_timeline, event_date=START, **rare)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT gin_clean_pending_list('event_words')")
    analyze()
    for sql in queries_of(lambda: read_feed(long_timeline.pk, therapist, filters, None, 20)):
        scans, buffers = plan_of(sql, "timeline_")
        assert scans == []
        assert buffers <= 80


# A search reads the summaries and what is on the timeline of the treatment, too.
@pytest.mark.parametrize(("query", "most"), [({}, 4), ({"search": "Entry"}, 6), ({"event_types": "note"}, 4)])
def test_a_request_of_the_api_takes_few_queries(api_for, therapist, patient, query, most):
    api, url = api_for(therapist), f"/api/v1/patients/{patient.pk}/timeline"

    def cost():
        return len(queries_of(lambda: api.get(url, query)))

    make_events(patient, 22)  # more than a page: only then is a search counted
    few = cost()
    make_events(patient, 40)
    assert cost() <= few <= most


def test_an_empty_timeline_and_a_strangers_cost_no_more(api_for, therapist, other_therapist, patient):
    url = f"/api/v1/patients/{patient.pk}/timeline"
    for reader in (therapist, other_therapist):
        api = api_for(reader)
        assert len(queries_of(lambda api=api: api.get(url))) <= 5


@pytest.mark.parametrize("verb", ["post", "patch", "delete"])
def test_a_write_asks_once_who_treats_the_patient(api_for, therapist, patient, verb):
    event, url = make_event(patient), f"/api/v1/patients/{patient.pk}/timeline"
    body = {"event_type": "note", "event_date": START.isoformat(), "title": "x"}
    act = getattr(api_for(therapist), verb)
    asked = queries_of(lambda: act(url if verb == "post" else f"{url}/{event.pk}", body, format="json"))
    assert sum("accounts_therapistpatient" in sql for sql in asked) == 1
    assert AuditEvent.objects.filter(action__startswith="timeline.event.", outcome="ok").count() == 1


def full_patient(therapist, sessions=3):
    person = CareFactory(therapist=therapist).patient
    give_consents(person)
    for day in range(sessions):
        session = make_session(person, therapist, day=day)
        draft_notes(session, topic="sleep", task=f"walk {day}")
        approve(draft_summary(session, "You spoke of sleep."))
    make_events(person, 12)
    return person


def test_the_list_of_patients_costs_the_same_for_each_length(client_for, therapist):
    client = client_for(therapist)
    full_patient(therapist)
    few = len(queries_of(lambda: client.get("/patients")))
    for _ in range(9):
        full_patient(therapist)
    assert len(queries_of(lambda: client.get("/patients"))) == few


@pytest.mark.parametrize("path", ["", "?type=note&q=entry"])
def test_a_patients_page_costs_the_same_for_each_length(client_for, therapist, path):
    person = full_patient(therapist)
    client, url = client_for(therapist), f"/patients/{person.pk}{path}"
    few = len(queries_of(lambda: client.get(url)))
    for day in range(10, 14):
        make_session(person, therapist, day=day)
    make_events(person, 30)
    assert len(queries_of(lambda: client.get(url))) <= few + 1  # the total of a search is counted once it has pages


@pytest.mark.parametrize("path", ["/portal", "/portal/timeline"])
def test_the_portal_costs_the_same_for_each_length(client_for, therapist, path):
    person = full_patient(therapist)
    client = client_for(person)
    few = len(queries_of(lambda: client.get(path)))
    make_events(person, 30)
    for day in range(10, 14):
        approve(draft_summary(make_session(person, therapist, day=day), "You rested."))
    assert len(queries_of(lambda: client.get(path))) == few
