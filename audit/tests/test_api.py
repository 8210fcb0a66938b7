"""The trail over HTTP: for the clinic's administrators, by cookie and by token."""

import pytest

from audit.models import AuditEvent
from audit.tests.trails import write

EVENTS = "/api/v1/audit/events"


def test_administrators_read_their_clinics_trail_in_pages(administrator, api_for, foreign_therapist):
    events = write(administrator.clinic_id, 3)
    write(foreign_therapist.clinic_id, 2)
    device = api_for(administrator)
    first = device.get(EVENTS, {"limit": 2}).json()
    assert [row["id"] for row in first["results"]] == [str(events[2].pk), str(events[1].pk)]
    second = device.get(first["next"]).json()
    assert (second["results"][0]["id"], second["next"]) == (str(events[0].pk), None)
    assert AuditEvent.objects.filter(action="audit.listed").count() == 2


def test_a_look_is_on_record_once_with_the_ids(administrator, client_for):
    [event] = write(administrator.clinic_id, 1)
    answer = client_for(administrator).get(EVENTS)
    assert answer.status_code == 200
    row = AuditEvent.objects.get(action__startswith="audit.")
    assert (row.action, row.ids, row.actor_id) == ("audit.listed", [str(event.pk)], administrator.pk)


def test_a_row_tells_ids_and_a_role_and_no_name(administrator, api_for, therapist, patient):
    write(administrator.clinic_id, 1, actor=therapist, patient_id=patient.pk)
    [row] = api_for(administrator).get(EVENTS).json()["results"]
    assert (row["actor"], row["actor_role"], row["patient_id"]) == (str(therapist.pk), "therapist", str(patient.pk))
    assert therapist.last_name not in str(row)


@pytest.mark.parametrize("persona", ["therapist", "patient"])
def test_others_are_refused_on_record(persona, request, api_for):
    person = request.getfixturevalue(persona)
    assert api_for(person).get(EVENTS).status_code == 403
    row = AuditEvent.objects.get(action="audit.listed")
    assert (row.outcome, row.actor_id) == ("denied", person.pk)


def test_nobody_is_asked_to_sign_in(db, client):
    assert client.get(EVENTS).status_code == 401


def test_it_is_read_only(administrator, api_for):
    device = api_for(administrator)
    for method in (device.post, device.put, device.patch, device.delete):
        assert method(EVENTS).status_code == 405


def test_a_foreign_cursor_is_refused(administrator, api_for):
    assert api_for(administrator).get(EVENTS, {"cursor": "x"}).status_code == 400


def test_a_page_costs_the_same_whatever_its_length(administrator, api_for, therapist, django_assert_max_num_queries):
    device = api_for(administrator)
    for _ in range(2):
        write(administrator.clinic_id, 5, actor=therapist)
        with django_assert_max_num_queries(6):
            device.get(EVENTS)
