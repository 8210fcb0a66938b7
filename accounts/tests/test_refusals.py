"""If the audit row cannot be written, nothing is changed and nothing is shown."""

import pytest
from django.db import DatabaseError

from accounts.authentication.services import tokens
from accounts.care.services.patients import create_patient
from accounts.models import AuthSession, User
from audit.models import AuditEvent
from therapybridge.core.actor import Actor

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_write_without_its_row_is_undone(therapist, break_the_trail):
    break_the_trail()
    with pytest.raises(DatabaseError):
        create_patient(by=Actor(user=therapist), first_name="Canary")
    assert not User.objects.filter(role="patient").exists()


@pytest.mark.parametrize(("persona", "address"), [("client_for", "/sign-out"), ("api_for", "/api/v1/auth/logout")])
def test_a_sign_out_without_its_row_is_undone(request, therapist, break_the_trail, persona, address):
    client = request.getfixturevalue(persona)(therapist)
    client.raise_request_exception = False
    break_the_trail()
    assert client.post(address).status_code == 500
    assert AuthSession.objects.get().revoked_at is None


def test_a_replay_without_its_row_leaves_the_session(therapist, break_the_trail):
    first = tokens.issue_pair(therapist, by=Actor()).refresh_token
    tokens.rotate_pair(tokens.rotate_pair(first, by=Actor()).refresh_token, by=Actor())
    break_the_trail()
    with pytest.raises(DatabaseError):
        tokens.rotate_pair(first, by=Actor())
    assert AuthSession.objects.get().revoked_at is None


def test_a_write_over_the_api_answers_with_a_problem_and_is_undone(therapist, api_for, break_the_trail):
    device = api_for(therapist)
    device.raise_request_exception = False
    break_the_trail()
    answer = device.post("/api/v1/patients", {"first_name": "Canary"}, format="json")
    assert (answer.status_code, answer["Content-Type"]) == (500, "application/problem+json")
    assert not User.objects.filter(role="patient").exists()


@pytest.mark.parametrize("address", ["/api/v1/patients", "/api/v1/patients/{}", "/api/v1/patients/{}/timeline"])
def test_a_read_over_the_api_is_refused(therapist, patient, api_for, break_the_trail, address):
    device = api_for(therapist)
    device.raise_request_exception = False
    assert "Canary" in device.get("/api/v1/patients").content.decode()
    break_the_trail()
    answer = device.get(address.format(patient.pk))
    assert (answer.status_code, answer["Content-Type"]) == (500, "application/problem+json")
    assert "canary" not in answer.content.decode().lower()


@pytest.mark.parametrize("address", ["/patients/{}", "/patients"])
def test_a_page_is_refused(therapist, patient, client_for, break_the_trail, address):
    browser = client_for(therapist)
    browser.raise_request_exception = False
    assert "Canary" in browser.get(address.format(patient.pk)).content.decode()
    break_the_trail()
    answer = browser.get(address.format(patient.pk))
    assert answer.status_code == 500
    assert "canary" not in answer.content.decode().lower()
    assert AuditEvent.objects.exclude(action__startswith="user.").count() == 1
