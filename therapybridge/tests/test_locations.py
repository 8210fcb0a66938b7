"""Location in responses to requests that create something."""

import pytest

from timeline.tests.factories import make_session


@pytest.fixture
def device(api_for, therapist):
    return api_for(therapist)


def test_what_was_created_is_found_where_it_says(device):
    made = device.post(
        "/api/v1/snippets", {"name": "Greeting", "text": "Hello."}, format="json", HTTP_IDEMPOTENCY_KEY="a1"
    )
    again = device.post(
        "/api/v1/snippets", {"name": "Greeting", "text": "Hello."}, format="json", HTTP_IDEMPOTENCY_KEY="a1"
    )
    assert (made.status_code, made["Location"]) == (201, f"/api/v1/snippets/{made.json()['id']}")
    assert again["Location"] == made["Location"]
    assert device.get(made["Location"]).json()["text"] == "Hello."


def test_an_item_below_another_names_both(device, patient):
    event = {"event_type": "external_event", "event_date": "2026-11-01", "title": "Moved house"}
    made = device.post(f"/api/v1/patients/{patient.pk}/timeline", event, format="json")
    assert made["Location"] == f"/api/v1/patients/{patient.pk}/timeline/{made.json()['id']}"
    assert device.get(made["Location"]).status_code == 200


def test_work_on_an_item_and_refusals_name_none(device, patient, therapist):
    session = make_session(patient, therapist)
    read = device.get(f"/api/v1/sessions/{session.pk}")
    refused = device.post("/api/v1/snippets", {"name": ""}, format="json")
    assert "Location" not in read
    assert (refused.status_code, "Location" in refused) == (400, False)
