"""Links for players that cannot send a token."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import TherapistPatient, User
from accounts.tests.factories import access_for
from audit.models import AuditEvent
from sessions_app.models import Recording
from sessions_app.services.sessions import create_session

DATE = datetime(2026, 3, 2, 10, tzinfo=UTC)
SOUND = b"RIFF" + bytes(2000)


@pytest.fixture
def session(patient, therapist, settings):
    settings.STORAGE_DIR.mkdir(parents=True, exist_ok=True)
    (settings.STORAGE_DIR / "talk.wav").write_bytes(SOUND)
    session = create_session(access_for(therapist, patient), DATE)
    facts = {"path": "talk.wav", "sha256": "0" * 64, "size": len(SOUND), "mime": "audio/wav", "duration": 1.0}
    Recording.objects.create(session=session, channels=1, uploaded_by=therapist, **facts)
    return session


@pytest.fixture
def device(api_for, therapist):
    return api_for(therapist)


@pytest.fixture
def link(device, session, settings):
    response = device.post(f"/api/v1/sessions/{session.pk}/recording/link")
    assert response.status_code == 200
    return response.json()["url"].removeprefix(settings.PUBLIC_URL)


def play(link: str, **headers: str):
    response = APIClient().get(link, **headers)
    if response.streaming:
        response.body = b"".join(response.streaming_content)
    return response


def test_a_player_gets_the_recording_without_a_token(link, session, therapist):
    whole, part = play(link), play(link, HTTP_RANGE="bytes=0-3", HTTP_ACCEPT="audio/*")
    assert (whole.status_code, whole.body) == (200, SOUND)
    assert (part.status_code, part.body) == (206, b"RIFF")
    heard = AuditEvent.objects.filter(action="recording.read", outcome="ok")
    assert list(heard.values_list("actor_id", "patient_id")) == [(therapist.pk, session.patient_id)] * 2
    assert AuditEvent.objects.filter(action="recording.linked", outcome="ok").count() == 1


def test_it_names_when_it_ends_and_ends_then(device, session, link):
    told = device.post(f"/api/v1/sessions/{session.pk}/recording/link").json()
    assert set(told) == {"url", "expires_at"}
    for minutes, status in ((14, 200), (16, 404)):
        with time_machine.travel(timezone.now() + timedelta(minutes=minutes), tick=False):
            assert play(link).status_code == status


def test_it_ends_at_sign_out(device, link):
    assert device.post("/api/v1/auth/logout").status_code == 204
    response = play(link)
    assert (response.status_code, response.json()["code"]) == (404, "link_gone")


def end_care(session):
    TherapistPatient.objects.update(is_active=False, ended_at=timezone.now())


def deactivate(session):
    User.objects.filter(pk=session.therapist_id).update(is_active=False)


def change_password(session):
    session.therapist.set_password("another-long-phrase")
    session.therapist.save()


def delete_recording(session):
    Recording.objects.update(deleted_at=timezone.now())


@pytest.mark.parametrize("happens", [end_care, deactivate, change_password, delete_recording])
def test_rights_are_asked_again_when_it_is_used(link, session, happens):
    assert play(link).status_code == 200
    happens(session)
    assert play(link).status_code == 404


def test_it_needs_the_second_factor_that_the_role_needs(link, settings):
    settings.MFA_REQUIRED = True
    assert play(link).status_code == 404


@pytest.mark.parametrize(
    "change", [lambda link: link[:-1] + ("A" if link[-1] != "A" else "B"), lambda link: link + "x"]
)
def test_a_link_that_was_changed_opens_nothing(link, change):
    assert play(change(link)).status_code == 404


def test_a_link_of_another_sign_in_stays(api_for, therapist, session, settings, link):
    elsewhere = api_for(therapist)
    other = elsewhere.post(f"/api/v1/sessions/{session.pk}/recording/link").json()["url"]
    elsewhere.post("/api/v1/auth/logout")
    assert play(other.removeprefix(settings.PUBLIC_URL)).status_code == 404
    assert play(link).status_code == 200


def test_without_a_recording_there_is_no_link(device, patient, therapist):
    empty = create_session(access_for(therapist, patient), DATE)
    response = device.post(f"/api/v1/sessions/{empty.pk}/recording/link")
    assert (response.status_code, response.json()["code"]) == (404, "no_recording")


def test_the_log_keeps_no_link(link, caplog):
    play(link)
    assert link.rpartition("/")[2] not in caplog.text
