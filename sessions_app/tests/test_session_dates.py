"""A session is held at a time, not only on a day."""

import pytest

pytestmark = pytest.mark.django_db


def test_a_session_needs_a_time(api_for, therapist, patient):
    body = {"patient": str(patient.pk), "session_date": "2026-03-02"}
    answer = api_for(therapist).post("/api/v1/sessions", body, format="json")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["session_date"])
    body["session_date"] += "T10:00:00Z"
    assert api_for(therapist).post("/api/v1/sessions", body, format="json").status_code == 201
