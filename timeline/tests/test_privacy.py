"""Private data reaches only therapists, on every route."""

import pytest

from timeline.models import TimelineEvent
from timeline.tests.factories import START, make_event, make_events

pytestmark = pytest.mark.django_db
QUERIES = [
    {},
    {"search": "canary"},
    {"event_types": "diagnosis"},
    {"importance": "critical"},
    {"start_date": "2026-01-01"},
    {"limit": 1},
    {"limit": 1, "search": "canary"},
]


@pytest.fixture
def private(patient):
    important = {"event_type": "diagnosis", "importance": "critical"}
    return make_events(patient, 3, title="canary", description="canary", is_private=True, **important)


def url_of(patient):
    return f"/api/v1/patients/{patient.pk}/timeline"


@pytest.mark.parametrize("query", QUERIES)
def test_a_timeline_of_private_events_is_empty_to_the_patient(api_for, patient, private, query):
    page = api_for(patient).get(url_of(patient), query).json()
    assert page.pop("next_updated_since")  # a moment
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


@pytest.mark.parametrize("query", QUERIES)
def test_therapists_find_private_events(api_for, therapist, patient, private, query):
    page = api_for(therapist).get(url_of(patient), query).json()
    assert page["total_count"] == 3
    assert page["events"][0]["is_private"] is True


def test_pages_and_total_of_a_patient_skip_private_events(api_for, patient, private):
    shown = [str(event.pk) for event in make_events(patient, 5)][::-1]
    make_event(patient, title="canary", is_private=True, event_date=START)
    api, seen, cursor = api_for(patient), [], None
    while True:
        page = api.get(url_of(patient), {"limit": 2} | ({"cursor": cursor} if cursor else {})).json()
        assert page["total_count"] == 5
        seen += [event["id"] for event in page["events"]]
        cursor = page["next_cursor"]
        if not cursor:
            break
    assert seen == shown


def test_a_cursor_of_a_therapist_opens_no_private_event_to_the_patient(api_for, therapist, patient):
    make_events(patient, 4, title="canary", is_private=True)
    public = make_event(patient, event_date=START)
    cursor = api_for(therapist).get(url_of(patient), {"limit": 1}).json()["next_cursor"]
    page = api_for(patient).get(url_of(patient), {"cursor": cursor}).json()
    assert [event["id"] for event in page["events"]] == [str(public.pk)]


def test_a_single_private_event_is_not_found_by_the_patient(api_for, patient, private):
    url = f"{url_of(patient)}/{private[0].pk}"
    api = api_for(patient)
    answers = [api.get(url), api.patch(url, {"title": "x"}, format="json"), api.delete(url)]
    assert [answer.status_code for answer in answers] == [404] * 3
    assert not any(b"canary" in answer.content for answer in answers)


def test_an_event_made_private_leaves_the_patients_timeline(api_for, therapist, patient):
    event = make_event(patient)
    assert api_for(patient).get(url_of(patient)).json()["total_count"] == 1
    api_for(therapist).patch(f"{url_of(patient)}/{event.pk}", {"is_private": True}, format="json")
    page = api_for(patient).get(url_of(patient)).json()
    assert (page["events"], page["total_count"]) == ([], 0)


@pytest.mark.parametrize("path", ["/portal", "/portal/timeline"])
def test_the_portal_shows_no_private_event(client_for, patient, private, path):
    make_event(patient, title="Shown to all")
    page = client_for(patient).get(path).content
    assert b"Shown to all" in page
    assert b"canary" not in page


def test_every_reader_gets_exactly_their_rows(therapist, patient, private, other_therapist, foreign_therapist):
    public = make_event(patient)
    make_event(foreign_therapist.patient_relations.get().patient)

    def seen(user):
        return set(TimelineEvent.objects.visible_to(user).values_list("pk", flat=True))

    assert seen(therapist) == {public.pk} | {event.pk for event in private}
    assert seen(patient) == {public.pk}
    assert seen(other_therapist) == set()
    assert len(seen(foreign_therapist)) == 1
