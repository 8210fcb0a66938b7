"""A received file lives exactly as long as the row that points to it."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from accounts.care.access import RecordAccess
from accounts.consent.services.decisions import record_consent
from accounts.models import User
from accounts.tests.factories import access_for
from sessions_app.conftest import WHEN
from sessions_app.models import Recording
from sessions_app.recordings.services import add_recording, received
from therapybridge.core.errors import ConsentRequired

pytestmark = pytest.mark.django_db(transaction=True)


class Unforeseen(Exception):
    """What goes wrong while the answer is made."""


@pytest.fixture
def access(therapist: User, patient: User) -> RecordAccess:
    return access_for(therapist, patient)


@pytest.fixture
def file(talk: Path) -> SimpleUploadedFile:
    return SimpleUploadedFile("talk.flac", talk.read_bytes())


def answer_with_an_error(access: RecordAccess, file: SimpleUploadedFile) -> None:
    with received(file) as taken:
        add_recording(access, WHEN, taken)
        raise Unforeseen


def test_an_error_after_the_commit_leaves_the_recording(
    access: RecordAccess, file: SimpleUploadedFile, talk: Path
) -> None:
    with pytest.raises(Unforeseen):
        answer_with_an_error(access, file)
    assert Recording.objects.get().file.read_bytes() == talk.read_bytes()


def answer_in_one_transaction(access: RecordAccess, file: SimpleUploadedFile) -> None:
    with received(file) as taken, transaction.atomic():
        add_recording(access, WHEN, taken)
        raise Unforeseen


def test_a_transaction_that_fails_later_takes_the_file_along(
    access: RecordAccess, file: SimpleUploadedFile, settings: Any
) -> None:
    with pytest.raises(Unforeseen):
        answer_in_one_transaction(access, file)
    assert not Recording.objects.exists()
    assert not [path for path in settings.STORAGE_DIR.rglob("*") if path.is_file()]


def test_consent_is_asked_for_again_once_the_file_is_there(
    access: RecordAccess, file: SimpleUploadedFile, settings: Any
) -> None:
    with received(file) as taken:
        record_consent(access, ["recording"], "revoked", "verbal")
        with pytest.raises(ConsentRequired):
            add_recording(access, WHEN, taken)
    assert not [path for path in settings.STORAGE_DIR.rglob("*") if path.is_file()]


def test_a_rollback_that_is_caught_takes_the_file_along(access: RecordAccess, file: SimpleUploadedFile) -> None:
    with received(file) as lost, transaction.atomic():
        add_recording(access, WHEN, lost)
        transaction.set_rollback(True)
    assert not Recording.objects.exists()
    assert not lost.stored.path.parent.exists()
