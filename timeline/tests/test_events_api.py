"""API endpoints for events."""

import json

import pytest

from accounts.tests.factories import AdminFactory, access_for
from audit.models import AuditEvent
from therapybridge.core.errors import Forbidden
from timeline.models import TimelineCount, TimelineEvent
from timeline.services import events
from timeline.services.session_events import reconcile_sessions
from timeline.tests.factories import make_event, make_session

pytestmark = pytest.mark.django_db
NEW = {"event_type": "medication", "event_date": "2026-03-01T09:00:00Z", "title": "Sertraline started"}


def url_of(patient, event=None):
    return f"/api/v1/patients/{patient.pk}/timeline" + (f"/{event.pk}" if event else "")


def totals():
    return {(row.event_type, row.is_private): row.count for row in TimelineCount.objects.exclude(count=0)}


def last_audit():
    return AuditEvent.objects.order_by("-id").first()


def test_a_therapist_adds_an_event(api_for, therapist, patient):
    body = NEW | {"importance": "high", "is_private": True, "metadata": {"dose": "50 mg"}, "description": "Evenings."}
    answer = api_for(therapist).post(url_of(patient), body, format="json")
    assert answer.status_code == 201
    event = TimelineEvent.objects.get(pk=answer.json()["id"])
    assert (event.patient, event.therapist, event.metadata) == (patient, therapist, {"dose": "50 mg"})
    assert totals() == {("medication", True): 1}
    row = last_audit()
    assert (row.action, row.target_id, row.patient_id) == ("timeline.event.created", event.pk, patient.pk)
    assert "Sertraline" not in str(vars(row))


def test_a_repeated_request_with_a_key_adds_one_event(api_for, therapist, patient):
    api, key = api_for(therapist), {"HTTP_IDEMPOTENCY_KEY": "phone-1"}
    first = api.post(url_of(patient), NEW, format="json", **key)
    again = api.post(url_of(patient), NEW, format="json", **key)
    other = api.post(url_of(patient), NEW | {"title": "Other"}, format="json", **key)
    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 422)
    assert first.json() == again.json()
    assert TimelineEvent.objects.count() == 1


def test_a_repeated_request_does_not_show_what_was_deleted_since(api_for, therapist, patient):
    api, key = api_for(therapist), {"HTTP_IDEMPOTENCY_KEY": "phone-1"}
    made = api.post(url_of(patient), NEW, format="json", **key).json()
    assert api.delete(f"{url_of(patient)}/{made['id']}").status_code == 204
    again = api.post(url_of(patient), NEW, format="json", **key)
    assert (again.status_code, again.json()["code"]) == (404, "not_found")
    row = last_audit()
    assert (row.action, row.outcome, row.patient_id) == ("timeline.event.created", "denied", patient.pk)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("event_type", "party"),
        ("title", ""),
        ("title", "x" * 201),
        ("title", "a\x00b"),
        ("event_date", "yesterday"),
        ("importance", "huge"),
        ("metadata", []),
        ("metadata", {"topics": 5}),
        ("metadata", {"topics": [1]}),
        ("metadata", {"topics": ["x" * 301]}),
        ("metadata", {"mood": 5}),
        ("metadata", {"plan_id": None}),
        ("metadata", {"a": "b\x00"}),
        ("metadata", {"a": "b" * 10_000}),
        ("description", "x" * 5001),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_written(api_for, therapist, patient, field, value):
    body = json.dumps(NEW | {field: value})
    answer = api_for(therapist).post(url_of(patient), body, content_type="application/json")
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [field]
    assert not TimelineEvent.objects.exists()


@pytest.mark.parametrize("body", ["[]", '"text"', "null", "{", '{"other": "\\ud800"}'])
def test_a_body_of_another_shape_is_refused(api_for, therapist, patient, body):
    answer = api_for(therapist).post(url_of(patient), body, content_type="application/json")
    assert answer.status_code == 400


def test_nobody_chooses_what_an_event_derives_from(api_for, therapist, patient, other_therapist):
    forged = {
        "related_entity_type": "session",
        "related_entity_id": str(patient.pk),
        "therapist": str(other_therapist.pk),
        "patient": str(other_therapist.pk),
        "deleted_at": "2026-01-01T00:00:00Z",
    }
    answer = api_for(therapist).post(url_of(patient), NEW | forged, format="json")
    assert (answer.status_code, set(answer.json()["errors"])) == (400, set(forged))
    assert not TimelineEvent.objects.exists()


def test_a_therapist_changes_an_event_and_the_totals_follow(api_for, therapist, patient):
    event = make_event(patient)
    changes = {"title": "New title", "event_type": "goal", "is_private": True}
    answer = api_for(therapist).patch(url_of(patient, event), changes, format="json")
    assert answer.status_code == 200
    assert answer.json()["title"] == "New title"
    assert totals() == {("goal", True): 1}
    row = last_audit()
    assert (row.action, row.changed) == ("timeline.event.updated", ["event_type", "is_private", "title"])


def test_a_change_of_nothing_is_refused(api_for, therapist, patient):
    answer = api_for(therapist).patch(url_of(patient, make_event(patient)), {}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (400, "nothing_to_change")


@pytest.mark.parametrize("name", ["related_entity_type", "unknown"])
def test_a_field_that_nobody_sets_is_named(api_for, therapist, patient, name):
    answer = api_for(therapist).patch(url_of(patient, make_event(patient)), {name: "x"}, format="json")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [name])


def test_a_deleted_event_is_gone_everywhere_and_stays_as_a_row(api_for, therapist, patient):
    event = make_event(patient, title="Gone")
    api = api_for(therapist)
    assert api.delete(url_of(patient, event)).status_code == 204
    assert api.get(url_of(patient, event)).status_code == 404
    assert api.delete(url_of(patient, event)).status_code == 404
    for query in ({}, {"search": "Gone"}, {"event_types": "note"}):
        page = api.get(url_of(patient), query).json()
        assert (page["events"], page["total_count"]) == ([], 0)
    assert TimelineEvent.objects.get().deleted_at is not None
    assert AuditEvent.objects.filter(action="timeline.event.deleted", outcome="ok").count() == 1


def test_the_event_of_a_session_is_read_only(api_for, therapist, patient):
    make_session(patient, therapist)
    reconcile_sessions()
    event = TimelineEvent.objects.get()
    api = api_for(therapist)
    assert api.get(url_of(patient, event)).json()["title"] == "Session #1"
    for answer in (
        api.patch(url_of(patient, event), {"title": "Mine"}, format="json"),
        api.delete(url_of(patient, event)),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "derived_event")
    event.refresh_from_db()
    assert (event.title, event.deleted_at) == ("Session #1", None)


def test_a_patient_reads_and_never_writes(api_for, patient):
    event = make_event(patient)
    api = api_for(patient)
    assert api.get(url_of(patient, event)).status_code == 200
    answers = [
        api.post(url_of(patient), NEW, format="json"),
        api.patch(url_of(patient, event), {"title": "Mine"}, format="json"),
        api.delete(url_of(patient, event)),
    ]
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(403, "forbidden")}
    assert AuditEvent.objects.filter(outcome="denied", actor=patient).count() == 3
    event.refresh_from_db()
    assert (event.deleted_at, TimelineEvent.objects.count()) == (None, 1)


def test_the_services_themselves_refuse_anyone_but_therapists(patient):
    event, own = make_event(patient), access_for(patient, patient)
    for act in (
        lambda: events.create_event(own, NEW),
        lambda: events.update_event(event, {"title": "Mine"}, access=own),
        lambda: events.delete_event(event, access=own),
    ):
        with pytest.raises(Forbidden):
            act()


def test_strangers_find_no_event_to_read_or_write(api_for, patient, other_therapist, foreign_therapist):
    event = make_event(patient)
    for stranger in (other_therapist, foreign_therapist, AdminFactory(clinic=patient.clinic)):
        api = api_for(stranger)
        answers = [
            api.get(url_of(patient, event)),
            api.post(url_of(patient), NEW, format="json"),
            api.patch(url_of(patient, event), {"title": "Mine"}, format="json"),
            api.delete(url_of(patient, event)),
        ]
        assert [answer.status_code for answer in answers] == [404] * 4
        assert AuditEvent.objects.filter(outcome="denied", actor=stranger).count() == 4
    assert list(TimelineEvent.objects.values_list("pk", "title", "deleted_at")) == [(event.pk, event.title, None)]


def test_an_event_is_not_found_under_another_patient(api_for, foreign_therapist, therapist, patient):
    event = make_event(patient)
    other = foreign_therapist.patient_relations.get().patient
    assert api_for(foreign_therapist).get(url_of(other, event)).status_code == 404


def test_other_methods_are_refused(api_for, therapist, patient):
    event, api = make_event(patient), api_for(therapist)
    assert api.put(url_of(patient, event), NEW, format="json").status_code == 405
    assert api.delete(url_of(patient)).status_code == 405


def test_a_day_without_a_time_is_that_day_for_every_reader(api_for, client_for, therapist, patient):
    assert therapist.clinic.time_zone == "Europe/Berlin"
    therapist.time_zone = "America/New_York"
    therapist.save()
    device, day = api_for(therapist), "2026-11-20"
    made = device.post(url_of(patient), {"event_type": "diagnosis", "event_date": day, "title": "x"}, format="json")
    event = TimelineEvent.objects.get()
    read = device.get(url_of(patient, event)).json()
    listed = device.get(url_of(patient), {"start_date": day, "end_date": day}).json()["results"]
    assert [made.json()["event_date"], read["event_date"], *(row["event_date"] for row in listed)] == [day] * 3
    page = client_for(therapist).get(f"/patients/{patient.pk}").content.decode()
    assert f'<time datetime="{day}">20 Nov 2026</time>' in page


def test_a_day_can_get_a_time_and_lose_it(api_for, therapist, patient):
    device = api_for(therapist)
    event = device.post(url_of(patient), NEW | {"event_date": "2026-03-01"}, format="json").json()
    for when in ("2026-03-02T09:00:00.000000Z", "2026-03-03"):
        path = f"{url_of(patient)}/{event['id']}"
        assert device.patch(path, {"event_date": when}, format="json").json()["event_date"] == when


@pytest.mark.parametrize("day", ["2026-02-30", "1899-12-31", "2200-01-01"])
def test_a_day_that_does_not_exist_or_is_out_of_range_is_refused(api_for, therapist, patient, day):
    answer = api_for(therapist).post(url_of(patient), NEW | {"event_date": day}, format="json")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["event_date"])


@pytest.mark.parametrize("term", ["ärger", "ÄRGER", "A\u0308rger", "büro"])
def test_case_and_form_of_letters_beyond_ascii_do_not_hide_an_event(api_for, therapist, patient, term):
    device = api_for(therapist)
    device.post(url_of(patient), NEW | {"title": "A\u0308rger im Büro"}, format="json")
    found = device.get(url_of(patient), {"search": term}).json()["results"]
    assert [row["title"] for row in found] == ["Ärger im Büro"]
