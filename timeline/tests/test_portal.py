"""The patient portal: only shared data, and read-only."""

from dataclasses import is_dataclass

import pytest
from django.db.models import Model

from accounts.tests.factories import AdminFactory, CareFactory
from audit.models import AuditEvent
from timeline.contexts.patients import EVENTS_A_PAGE
from timeline.services.session_events import reconcile_sessions
from timeline.tests.factories import START, approve, draft_notes, draft_summary, make_event, make_events, make_session

pytestmark = pytest.mark.django_db
PATHS = ["/portal", "/portal/timeline"]


def shared_session(patient, therapist, day, text, task="walk"):
    session = make_session(patient, therapist, day=day)
    draft_notes(session, topic=f"topic {day}", task=task)
    approve(draft_summary(session, text))
    return session


def test_home_shows_the_latest_shared_summary_and_nothing_of_the_draft(client_for, therapist, patient):
    shared_session(patient, therapist, 0, "Older.", task="walk")
    shared_session(patient, therapist, 1, "You rested.", task="breathe")
    waiting = make_session(patient, therapist, day=2)
    draft_notes(waiting, topic="canary", task="canary")
    draft_summary(waiting, "canary")
    reconcile_sessions()
    answer = client_for(patient).get("/portal")
    summary = answer.context["latest_summary"]
    assert (summary.session_title, summary.text) == ("Session #2", "You rested.")
    assert b"breathe" not in answer.content
    assert [event["title"] for event in answer.context["events"]] == ["Session #3", "Session #2", "Session #1"]
    assert b"canary" not in answer.content


def test_home_without_anything_shared_says_so(client_for, patient):
    answer = client_for(patient).get("/portal")
    assert (answer.context["latest_summary"], answer.context["events"]) == (None, [])


@pytest.mark.parametrize("gone", [{"deleted_at": START}, {"status": "failed"}])
def test_what_hangs_on_a_session_that_is_gone_is_not_shown(client_for, therapist, patient, gone):
    session = shared_session(patient, therapist, 0, "canary", task="canary")
    type(session).objects.update(**gone)
    answer = client_for(patient).get("/portal")
    assert answer.context["latest_summary"] is None
    assert b"canary" not in answer.content


def test_the_api_gives_a_patient_nothing_of_the_draft(api_for, therapist, patient):
    session = shared_session(patient, therapist, 0, "You rested.", task="canary")
    reconcile_sessions()
    url = f"/api/v1/patients/{patient.pk}/timeline"
    (event,) = api_for(patient).get(url).json()["events"]
    alone = api_for(patient).get(f"{url}/{event['id']}").json()
    assert (event["metadata"], event["related_entity_type"], event["description"]) == ({}, "summary", "You rested.")
    assert (alone["metadata"], alone["related_entity_id"]) == ({}, str(session.summary.pk))
    (known,) = api_for(therapist).get(url).json()["events"]
    assert (known["metadata"]["topics"], known["related_entity_id"]) == (["topic 0"], str(session.pk))


@pytest.mark.parametrize("path", PATHS)
def test_no_row_and_no_field_for_clinicians_reaches_the_template(client_for, therapist, patient, path):
    session = shared_session(patient, therapist, 0, "You rested.")
    reconcile_sessions()
    answer = client_for(patient).get(path)
    names = {"patient", "latest_summary", "events", "events_by_month"}
    given = {name: answer.context[name] for name in names if name in answer.context}
    assert not [value for value in flatten(given) if isinstance(value, Model)]
    page = answer.content.decode()
    for hidden in (str(session.pk), str(therapist.pk), therapist.email, "topic 0", "topics", "mood"):
        assert hidden not in page


def flatten(value):
    if isinstance(value, dict):
        return [leaf for item in value.values() for leaf in flatten(item)]
    if isinstance(value, (list, tuple)):
        return [leaf for item in value for leaf in flatten(item)]
    if is_dataclass(value):
        return [leaf for name in value.__slots__ for leaf in flatten(getattr(value, name))]
    return [value]


def test_the_timeline_goes_on_by_a_link(client_for, patient):
    make_events(patient, EVENTS_A_PAGE + 2)
    client = client_for(patient)
    first = client.get("/portal/timeline")
    rest = client.get(first.context["next_url"], headers={"HX-Request": "true"})
    assert sum(len(events) for _, events in rest.context["events_by_month"]) == 2
    assert b"<html" not in rest.content


def test_a_patient_sees_only_their_own_story(client_for, therapist, patient):
    other = CareFactory(therapist=therapist).patient
    shared_session(other, therapist, 0, "canary", task="canary")
    make_event(other, title="canary")
    for path in PATHS:
        assert b"canary" not in client_for(patient).get(path).content


@pytest.mark.parametrize("path", PATHS)
def test_the_portal_is_for_patients(client, client_for, therapist, patient, path):
    assert client.get(path).url == f"/sign-in?next={path}"
    for person in (therapist, AdminFactory(clinic=patient.clinic)):
        assert client_for(person).get(path).status_code == 403


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_the_portal_only_reads(client_for, patient, path, method):
    answer = getattr(client_for(patient), method)(path)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD")
    assert b"<html" in answer.content
    assert client_for(patient).head(path).status_code == 200


def test_each_visit_is_on_record_once(client_for, patient):
    client = client_for(patient)
    for path in PATHS:
        client.get(path)
    rows = AuditEvent.objects.filter(actor=patient).order_by("id")
    assert [(row.action, row.patient_id) for row in rows] == [
        ("portal.read", patient.pk),
        ("portal.timeline.read", patient.pk),
    ]
