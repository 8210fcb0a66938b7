"""Notes on the timeline: each step recorded once, for patients unless it is withheld, and repaired after a crash."""

from datetime import timedelta

import pytest
from django.utils import timezone

from sessions_app.notes.services import release, signing
from sessions_app.notes.tests.notes import access_of, begin, drafted_session, sign
from timeline.models import TimelineEvent
from timeline.services.note_events import reconcile_notes

pytestmark = pytest.mark.django_db


def recorded():
    rows = TimelineEvent.objects.filter(related_entity_type="note").order_by("event_date", "id")
    return [(row.event_subtype, row.title, row.is_private) for row in rows]


@pytest.fixture
def note(therapist, patient):
    return begin(drafted_session(therapist, patient))


def test_a_note_is_recorded_when_it_is_completed_signed_and_amended(note, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        sign(note)
    assert recorded() == [("completed", "Note completed", True), ("signed", "Note signed", False)]
    for text in ("She called.", "She called again."):
        with django_capture_on_commit_callbacks(execute=True):
            signing.add_addendum(note, "addendum", "Forgotten", text, access=access_of(note.session))
    assert [subtype for subtype, *_ in recorded()] == ["completed", "signed", "amended"]


@pytest.mark.usefixtures("note")
def test_a_draft_is_no_event():
    assert recorded() == []
    assert reconcile_notes() == 0


def test_what_a_crash_swallowed_is_recorded_later_and_once(note):
    signing.add_addendum(sign(note), "addendum", "Forgotten", "She called.", access=access_of(note.session))
    assert recorded() == []
    assert reconcile_notes() == 1
    assert len(recorded()) == 3
    assert reconcile_notes() == 0


def own_events(api_for, patient):
    """What the patient's timeline says of notes, and how many it counts."""
    listed = api_for(patient).get(f"/api/v1/patients/{patient.pk}/timeline?event_types=note").json()
    told = [(event["title"], event["related_entity_id"], event["metadata"]) for event in listed["events"]]
    assert listed["total_count"] == len(told)
    return told


def test_patients_see_what_they_can_read(note, patient, api_for, client_for, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        sign(note)
    assert own_events(api_for, patient) == [("Note signed", str(note.pk), {})]
    assert f'href="/portal/notes/{note.pk}"' in client_for(patient).get("/portal/timeline").text


def withhold(note):
    release.withhold_note(
        note,
        exception="safety",
        reason="Because.",
        review_date=timezone.localdate() + timedelta(days=9),
        access=access_of(note.session),
    )


def test_a_withheld_note_leaves_the_patients_timeline_until_it_is_released(
    note, patient, api_for, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        withhold(sign(note))
    assert own_events(api_for, patient) == []
    with django_capture_on_commit_callbacks(execute=True):
        release.release_note(note, access=access_of(note.session))
    assert len(own_events(api_for, patient)) == 1


def test_a_decision_that_a_crash_swallowed_is_made_good(note, patient, api_for, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        sign(note)
    withhold(note)
    assert reconcile_notes() == 1
    assert own_events(api_for, patient) == []
    assert reconcile_notes() == 0


def test_the_event_leads_therapists_to_the_note(note, patient, therapist, client_for):
    sign(note)
    reconcile_notes()
    assert f'href="/notes/{note.pk}"' in client_for(therapist).get(f"/patients/{patient.pk}").text
