"""What people do with sessions. Each act checks consent, writes its audit row, and commits as a whole."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from accounts.care.services.relations import require_care
from accounts.consent.services.decisions import require_recording_consent
from accounts.models import User
from audit.log import record
from sessions_app.models import (
    ProcessingJob,
    Recording,
    TherapySession,
)
from sessions_app.pipeline.audio import probe as probing
from sessions_app.pipeline.types import AudioInfo
from sessions_app.processing.tasks import wake
from sessions_app.services.sessions import check_date, new_session
from therapybridge.core.errors import Conflict
from therapybridge.core.uploads import StoredFile, receive


@dataclass(slots=True)
class Received:
    """A file in the storage folder that no row points to yet."""

    stored: StoredFile
    info: AudioInfo
    is_kept: bool = False


@contextmanager
def received(upload: UploadedFile[Any]) -> Iterator[Received]:
    """Store and probe an upload, outside any transaction; unless a recording came of it, the file goes again."""
    stored = receive(upload, Path(settings.STORAGE_DIR) / "recordings", settings.MAX_RECORDING_BYTES)
    try:
        file = Received(stored, probing.probe(stored.path, upload.name or ""))
        yield file
    except BaseException:
        shutil.rmtree(stored.path.parent, ignore_errors=True)
        raise
    if not file.is_kept:
        shutil.rmtree(stored.path.parent, ignore_errors=True)


def check_upload(patient: User, session_date: datetime, *, by: User) -> None:
    """Refuse a recording before its bytes are read: wrong role, missing consent, a date in the future."""
    require_care(patient.pk, by=by)
    require_recording_consent(patient)
    check_date(session_date)


def add_recording(
    patient: User, session_date: datetime, file: Received, *, by: User, request: HttpRequest | None = None
) -> TherapySession:
    """Add a session with a received recording, and start the work on it."""
    check_upload(patient, session_date, by=by)
    with patient.locked():
        session = new_session(patient, session_date, by=by)
        _refuse_duplicate(file.stored, by=by)
        recording = Recording.objects.create(
            session=session,
            path=str(file.stored.path.relative_to(settings.STORAGE_DIR)),
            sha256=file.stored.sha256,
            size=file.stored.size,
            uploaded_by=by,
            **asdict(file.info),
        )
        record("recording.uploaded", by=by, target=recording, patient_id=patient.pk, request=request)
        wake(ProcessingJob.objects.create(session=session, requested_by=by).pk)
    file.is_kept = True
    return session


def upload_recording(
    patient: User, session_date: datetime, upload: UploadedFile[Any], *, by: User, request: HttpRequest | None = None
) -> TherapySession:
    """Keep a recording and start the work on it. Raises typed refusals and then leaves neither row nor file."""
    check_upload(patient, session_date, by=by)
    with received(upload) as file:
        return add_recording(patient, session_date, file, by=by, request=request)


def _refuse_duplicate(stored: StoredFile, *, by: User) -> None:
    # Only among the uploader's own patients: the answer must not tell what others have.
    twin = Recording.objects.visible_to(by).filter(sha256=stored.sha256)
    if twin.exists():
        raise Conflict("This recording was uploaded before.", code="duplicate_recording")
