"""A practice stores no more than it may, however many uploads come at once; what is deleted gives its room back."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.identity.services.storage import GIGABYTE, StorageQuotaReached, usage_of
from accounts.models import Clinic, User
from accounts.tests.factories import ClinicFactory, access_for
from sessions_app.conftest import WHEN
from sessions_app.models import Recording, TherapySession
from sessions_app.recordings.services import add_recording, received, stored_recordings
from therapybridge.core.http.bodies import FORM_BYTES
from therapybridge.tests.waiting import start_waiting

pytestmark = pytest.mark.django_db(transaction=True)
Upload = Callable[..., TherapySession]
LATER = WHEN + timedelta(days=1)


@pytest.fixture
def another(talk: Path) -> bytes:
    """As long a recording as the first one, and not the same."""
    return talk.read_bytes()[:-4] + b"more"


@pytest.fixture
def nearly_full(upload: Upload, therapist: User, another: bytes) -> Callable[[int], Clinic]:
    """A practice with a gigabyte, of which so much is left beyond another recording."""

    def fill(beyond: int) -> Clinic:
        first = upload()
        Recording.objects.filter(session=first).update(size=GIGABYTE - len(another) - beyond)
        Clinic.objects.filter(pk=first.clinic_id).update(storage_quota_gb=1)
        therapist.clinic.refresh_from_db()
        return therapist.clinic

    return fill


def files(settings: Any) -> list[Path]:
    return [path for path in (Path(settings.STORAGE_DIR) / "recordings").rglob("*") if path.is_file()]


def sent(client: APIClient, patient: User, data: bytes) -> Any:
    form = {"patient": str(patient.pk), "session_date": LATER.isoformat(), "file": SimpleUploadedFile("a.flac", data)}
    return client.post("/api/v1/sessions/upload", form, format="multipart")


def test_the_last_byte_is_taken_and_none_beyond(api_for, therapist, patient, another, nearly_full, settings):
    clinic = nearly_full(beyond=-1)
    client = api_for(User.objects.get(pk=therapist.pk))
    refused = sent(client, patient, another)
    assert (refused.status_code, refused.json()["code"]) == (413, "storage_quota_reached")
    assert refused.json()["detail"].startswith("1.0 of 1 GB are used, and this file does not fit.")
    assert len(files(settings)) == 1
    Recording.objects.update(size=GIGABYTE - len(another))
    assert sent(client, patient, another).status_code == 202
    assert usage_of(clinic).used == GIGABYTE
    assert usage_of(clinic).is_full


def test_of_two_uploads_at_once_the_second_is_refused(upload, therapist, patient, another, nearly_full, settings):
    clinic = nearly_full(beyond=0)
    third = SimpleUploadedFile("third.flac", another[:-4] + b"most")
    with received(third) as file, clinic.locked():
        second = start_waiting(lambda: upload(another, LATER))
        add_recording(access_for(therapist, patient), LATER + timedelta(days=1), file)
    with pytest.raises(StorageQuotaReached):
        second.result(10)
    assert stored_recordings(clinic) == GIGABYTE
    assert len(files(settings)) == 2


def test_what_is_deleted_gives_its_room_back(upload, another, nearly_full):
    nearly_full(beyond=-1)
    Recording.objects.update(deleted_at=timezone.now())
    assert upload(another, LATER).number


def test_a_body_that_cannot_fit_is_not_read(api_for, therapist, nearly_full):
    nearly_full(beyond=0)
    unread = b"--x\r\nnothing that could be parsed"
    answer = api_for(User.objects.get(pk=therapist.pk)).post(
        "/api/v1/sessions/upload",
        unread,
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(GIGABYTE + FORM_BYTES),
    )
    assert answer.status_code == 413


def test_only_ones_own_practice_counts(upload, another, nearly_full, foreign_therapist):
    clinic = nearly_full(beyond=0)
    assert stored_recordings(ClinicFactory()) == 0
    assert upload(another, LATER).clinic == clinic


@pytest.mark.parametrize(("installation", "own", "is_limited"), [(0, None, False), (1, None, True), (1, 0, False)])
def test_a_practice_may_have_a_quota_of_its_own(installation, own, is_limited, upload, another, nearly_full, settings):
    clinic = nearly_full(beyond=-1)
    settings.CLINIC_STORAGE_GB = installation
    Clinic.objects.filter(pk=clinic.pk).update(storage_quota_gb=own)
    clinic.refresh_from_db()
    if is_limited:
        with pytest.raises(StorageQuotaReached):
            upload(another, LATER)
    else:
        assert upload(another, LATER)


def test_without_a_quota_nothing_is_counted(upload):
    with CaptureQueriesContext(connection) as captured:
        upload()
    assert not [query for query in captured if "SUM(" in query["sql"]]


@pytest.mark.parametrize(("accept", "status"), [("application/json", 413), ("text/html", 422)])
def test_the_page_says_that_the_storage_is_full(
    accept, status, client_for, therapist, patient, another, nearly_full, settings
):
    nearly_full(beyond=-1)
    client = client_for(User.objects.get(pk=therapist.pk))
    form = {"patient": str(patient.pk), "session_date": "2026-03-03T10:00"}
    form["file"] = SimpleUploadedFile("a.flac", another)
    answer = client.post("/sessions/new", form, headers={"Accept": accept})
    assert answer.status_code == status
    assert "this file does not fit" in answer.content.decode()
    page = f"/sessions/new?patient={patient.pk}"
    assert "storage is full" not in client.get(page).content.decode()
    Recording.objects.update(size=GIGABYTE)
    assert "storage is full (1.0 of 1 GB are used)" in client.get(page).content.decode()
