"""Access to sessions: checked once, shown on the page, enforced by services."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import User
from accounts.tests.factories import BreakGlassFactory, CareFactory, PatientFactory, access_for
from sessions_app.models import NO_ERROR, ProcessingJob, TherapySession
from sessions_app.processing.services import control
from sessions_app.services import sessions
from therapybridge.core.errors import Forbidden

WHEN = datetime(2026, 3, 2, 10, tzinfo=UTC)
MOST_QUERIES = 18  # of an upload through the API


@pytest.fixture
def failed(therapist: User, patient: User) -> TherapySession:
    """A failed session that can be retried."""
    session = sessions.create_session(access_for(therapist, patient), WHEN)
    ProcessingJob.objects.create(session=session, stage="failed", failed_stage="check", requested_by=therapist)
    session.move_to("failed", token=None, **NO_ERROR | {"error_code": "x", "error_retriable": True})
    return session


def test_an_upload_asks_once_whether_the_therapist_treats_the_patient(
    api_for: Callable[..., APIClient], therapist: User, patient: User, talk: Path
) -> None:
    api = api_for(therapist)

    def upload(name: str, data: bytes) -> list[str]:
        form = {"patient": str(patient.pk), "session_date": WHEN, "file": SimpleUploadedFile(name, data)}
        with CaptureQueriesContext(connection) as seen:
            answer = api.post("/api/v1/sessions/upload", form, format="multipart")
        assert answer.status_code == 202, answer.content
        return [query["sql"] for query in seen]

    upload("first.flac", talk.read_bytes())
    queries = upload("second.flac", talk.read_bytes() + b"\0")
    # The duplicate check looks among the uploader's own patients: another question, about recordings.
    about_access = [
        sql for sql in queries if "accounts_therapistpatient" in sql and "sessions_app_recording" not in sql
    ]
    assert len(about_access) == 1
    assert len(queries) <= MOST_QUERIES, "\n".join(queries)


def test_who_is_assigned_while_an_emergency_grant_lives_is_offered_what_the_api_accepts(
    client_for: Callable[..., Client],
    api_for: Callable[..., APIClient],
    patient: User,
    other_therapist: User,
    failed: TherapySession,
) -> None:
    page, retry = failed.get_absolute_url(), reverse("sessions:retry", args=[failed.pk])
    BreakGlassFactory(patient=patient, therapist=other_therapist)
    browser = client_for(other_therapist)
    assert retry not in browser.get(page).content.decode()
    assert api_for(other_therapist).post(f"/api/v1/sessions/{failed.pk}/retry").status_code == 403
    CareFactory(therapist=other_therapist, patient=patient)
    assert retry in browser.get(page).content.decode()
    assert api_for(other_therapist).post(f"/api/v1/sessions/{failed.pk}/retry").status_code == 202


def test_the_proof_for_one_patient_is_none_for_another(therapist: User, patient: User, failed: TherapySession) -> None:
    other = PatientFactory(clinic=therapist.clinic)
    CareFactory(therapist=therapist, patient=other)
    with pytest.raises(Forbidden):
        control.retry_processing(failed, access=access_for(therapist, other))


def test_a_proof_that_only_reads_changes_nothing(patient: User, other_therapist: User, failed: TherapySession) -> None:
    BreakGlassFactory(patient=patient, therapist=other_therapist)
    access = access_for(other_therapist, patient)
    assert not access.may_write
    with pytest.raises(Forbidden):
        control.retry_processing(failed, access=access)
    with pytest.raises(Forbidden):
        sessions.create_session(access, WHEN)
