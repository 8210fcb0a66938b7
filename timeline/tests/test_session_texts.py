"""What session events show: read from the shared summary, never kept with the event, and found by its words."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.tests.factories import CareFactory
from therapybridge.core.pages.excerpts import excerpt
from timeline.models import TimelineEvent
from timeline.services.session_events import reconcile_sessions
from timeline.tests.factories import approve, draft_notes, draft_summary, make_event, make_session

pytestmark = pytest.mark.django_db
LONG = "You spoke about sleep and about the flat. " * 8


def shared(patient, therapist, text, *, day=0, topic="sleep"):
    """The summary of a session whose event is on the timeline."""
    session = make_session(patient, therapist, day=day)
    draft_notes(session, topic=topic, task="walk")
    summary = draft_summary(session, text)
    approve(summary)
    reconcile_sessions()
    return summary


def withdraw(summary):
    summary.status, summary.withdrawn_at, summary.approved_at = "withdrawn", summary.approved_at, None
    summary.save()


def listed(api, patient, **query):
    return api.get(f"/api/v1/patients/{patient.pk}/timeline", query).json()["events"]


@pytest.fixture
def events(api_for, therapist, patient):
    """What the therapist reads of the patient's timeline."""
    api = api_for(therapist)
    return lambda **query: listed(api, patient, **query)


def test_nothing_of_a_draft_shows_before_it_is_shared(therapist, patient, events):
    session = make_session(patient, therapist)
    draft_notes(session, topic="sleep", task="walk")
    draft_summary(session, "You spoke about sleep.")
    reconcile_sessions()
    (event,) = events()
    assert event["description"] == "No summary is shared"
    assert event["metadata"] == {"session_id": str(session.pk), "duration_seconds": 3000.0}


def test_a_shared_summary_shows_with_topics_and_mood(therapist, patient, events):
    shared(patient, therapist, "You slept.")
    (event,) = events()
    assert event["description"] == "You slept."
    assert (event["metadata"]["topics"], event["metadata"]["mood"]) == (["sleep"], "low")


def test_a_long_text_is_cut_at_a_word_and_says_so(therapist, patient, events):
    shared(patient, therapist, LONG)
    shown = events()[0]["description"]
    assert 190 < len(shown) <= 200
    assert shown.endswith("…")
    assert LONG.startswith(shown.removesuffix("…"))
    assert LONG[len(shown) - 1] == " "


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("One two", "One two"),
        ("One two three", "One two…"),
        ("One two, three", "One two…"),
        ("Line\n\nline", "Line line"),
        ("x" * 11, "x" * 9 + "…"),
        ("x" * 10, "x" * 10),
        ("123456789 1", "123456789…"),
        ("", ""),
    ],
)
def test_an_excerpt_ends_at_a_word_and_is_marked_only_if_it_is_cut(text, shown):
    assert excerpt(text, 10) == shown


def test_a_draft_made_after_the_sharing_does_not_show(therapist, patient, events):
    summary = shared(patient, therapist, "You slept.")
    draft_notes(summary.session, topic="canary", task="canary", version=2)
    assert events()[0]["metadata"]["topics"] == ["sleep"]


def test_a_clinic_without_emotion_inference_shows_no_mood(therapist, patient, events):
    patient.clinic.emotion_inference = False
    patient.clinic.save()
    shared(patient, therapist, "You slept.")
    assert events()[0]["metadata"]["mood"] is None


def test_a_withdrawal_takes_text_and_topics_off_at_once(therapist, patient, events):
    summary = shared(patient, therapist, "canary")
    withdraw(summary)
    (event,) = events()
    assert (event["description"], set(event["metadata"])) == (
        "No summary is shared",
        {"session_id", "duration_seconds"},
    )
    assert events(search="canary") == []


def test_a_single_event_shows_what_the_list_shows(api_for, therapist, patient, events):
    shared(patient, therapist, LONG)
    for reader in (therapist, patient):
        (event,) = listed(api_for(reader), patient)
        assert api_for(reader).get(f"/api/v1/patients/{patient.pk}/timeline/{event['id']}").json() == event


def test_the_patients_event_refers_to_the_summary_and_leads_to_it(api_for, client_for, therapist, patient):
    summary = shared(patient, therapist, "You slept.")
    (event,) = listed(api_for(patient), patient)
    assert (event["related_entity_type"], event["related_entity_id"]) == ("summary", str(summary.pk))
    for page in ("/portal", "/portal/timeline"):
        assert f'href="/portal/summaries/{summary.pk}"' in client_for(patient).get(page).content.decode()
    withdraw(summary)
    assert listed(api_for(patient), patient)[0]["related_entity_id"] == str(summary.pk)


@pytest.mark.parametrize("term", ["quarrel", "QUARREL", "über die wohnung", "the flat", "flat ended"])
def test_a_search_finds_the_words_of_a_summary_beyond_what_is_shown(therapist, patient, events, term):
    shared(patient, therapist, LONG + "The quarrel about the flat\nended. Über die Wohnung.")
    shared(patient, therapist, "You rested.", day=1)
    assert [event["title"] for event in events(search=term)] == ["Session #1"]


def test_a_search_finds_the_words_for_no_summary_only_where_they_are_shown(therapist, patient, events):
    shared(patient, therapist, "You rested.")
    make_session(patient, therapist, day=1)
    shared(patient, therapist, "The flat is shared.", day=2)
    assert [event["title"] for event in events(search="Shared")] == ["Session #3", "Session #2"]


def test_a_search_still_finds_titles_and_written_events(therapist, patient, events):
    shared(patient, therapist, "You rested.")
    make_event(patient, title="Moved", description="A new flat.")
    assert [event["title"] for event in events(search="flat")] == ["Moved"]
    assert [event["title"] for event in events(search="session #1")] == ["Session #1"]


def test_a_search_reads_the_texts_of_no_other_patient(api_for, therapist, patient):
    other = CareFactory(therapist=therapist).patient
    shared(other, therapist, "canary")
    assert listed(api_for(therapist), patient, search="canary") == []
    answer = api_for(patient).get(f"/api/v1/patients/{other.pk}/timeline", {"search": "canary"})
    assert answer.status_code == 404


def test_the_patients_own_search_finds_what_was_shared(api_for, therapist, patient):
    shared(patient, therapist, "You rested.")
    waiting = make_session(patient, therapist, day=1)
    draft_summary(waiting, "You rested, a draft says.")
    reconcile_sessions()
    assert [event["title"] for event in listed(api_for(patient), patient, search="rested")] == ["Session #1"]


@pytest.mark.parametrize("role", ["therapist", "patient"])
@pytest.mark.parametrize("query", [{}, {"search": "rested"}])
def test_ten_sessions_cost_as_many_queries_as_one(api_for, therapist, patient, role, query):
    api = api_for({"therapist": therapist, "patient": patient}[role])

    def cost():
        with CaptureQueriesContext(connection) as captured:
            assert listed(api, patient, **query)
        return len([one for one in captured if '"cache"' not in one["sql"]])

    shared(patient, therapist, "You rested.")
    few = cost()
    for day in range(1, 10):
        shared(patient, therapist, "You rested.", day=day)
    assert cost() == few <= 8


def test_the_migration_drops_what_was_copied_and_nothing_else(therapist, patient):
    summary = shared(patient, therapist, "You slept.")
    rows = TimelineEvent.objects.filter(related_entity_type="session")
    known = {"session_id": str(summary.session_id), "duration_seconds": 3000.0}
    copied = known | {"topics": ["sleep"], "mood": "low"}
    rows.update(description="You slept.", metadata=copied, deleted_at=summary.created_at)
    written = make_event(patient, description="Evenings.", metadata={"dose": "50 mg"})
    import_module("timeline.migrations.0003_drop_copied_texts").drop_copied_texts(apps, None)
    assert (rows.get().description, rows.get().metadata) == ("", known)
    written.refresh_from_db()
    assert (written.description, written.metadata) == ("Evenings.", {"dose": "50 mg"})
