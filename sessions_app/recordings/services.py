"""Taking in a recording: the file outside of any transaction, then all its rows in one."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Sum

from accounts.care.access import RecordAccess
from accounts.consent.services.decisions import require_recording_consent
from accounts.identity.services.storage import require_room, room_for
from accounts.models import Clinic, User
from audit.log import record
from sessions_app.audit_actions import RECORDING_UPLOADED
from sessions_app.models import (
    ProcessingJob,
    Recording,
    TherapySession,
)
from sessions_app.pipeline.audio import probe as probing
from sessions_app.pipeline.types import AudioInfo
from sessions_app.processing.tasks import wake
from sessions_app.services.sessions import new_session
from therapybridge.core import limits
from therapybridge.core.errors import Conflict
from therapybridge.core.uploads import StoredFile, receive


@dataclass(slots=True)
class Received:
    """A file in the storage folder that no row references yet."""

    stored: StoredFile
    info: AudioInfo = field(init=False)
    is_kept: bool = False

    def keep(self) -> None:
        """From the commit of its recording on the file stays, whatever else goes wrong."""
        self.is_kept = True


@contextmanager
def received(upload: UploadedFile[Any]) -> Iterator[Received]:
    """Store and probe an upload, outside any transaction; the file is deleted again unless a recording is created."""
    file = Received(receive(upload, Path(settings.STORAGE_DIR) / "recordings", settings.MAX_RECORDING_BYTES))
    try:
        file.info = probing.probe(file.stored.path, upload.name or "")
        yield file
    finally:
        if not file.is_kept:
            shutil.rmtree(file.stored.path.parent, ignore_errors=True)


def stored_recordings(clinic: Clinic) -> int:
    """Bytes of a practice's recordings as they were uploaded; copies for players and chunks do not count."""
    kept = Recording.objects.filter(session__clinic=clinic, deleted_at=None)
    return kept.aggregate(bytes=Sum("size", default=0))["bytes"]  # type: ignore[no-any-return]


def check_upload(access: RecordAccess, size: int) -> None:
    """Refuse a recording before it is stored: wrong role, missing consent, no room for it."""
    access.require_write(access.patient.pk)
    require_recording_consent(access.patient)
    require_room(access.user.clinic, size)


def add_recording(access: RecordAccess, session_date: datetime, file: Received) -> TherapySession:
    """Add a session with a received recording, and start processing it."""
    with room_for(access.user.clinic, file.stored.size), access.patient.locked():
        transaction.on_commit(file.keep)
        require_recording_consent(access.patient)  # it may have been withdrawn while the file came in
        session = new_session(access, session_date)
        _refuse_duplicate(file.stored, access.user)
        recording = Recording.objects.create(
            session=session,
            path=str(file.stored.path.relative_to(settings.STORAGE_DIR)),
            sha256=file.stored.sha256,
            size=file.stored.size,
            uploaded_by=access.user,
            **asdict(file.info),
        )
        record(RECORDING_UPLOADED, recording, by=access)
        wake(ProcessingJob.objects.create(session=session, requested_by=access.user).pk)
    limits.count_one("upload", limits.requester(access.reader))
    return session


def upload_recording(access: RecordAccess, session_date: datetime, upload: UploadedFile[Any]) -> TherapySession:
    """Store a recording and start processing it; on errors, neither row nor file remains."""
    check_upload(access, upload.size or 0)
    with received(upload) as file:
        return add_recording(access, session_date, file)


def _refuse_duplicate(stored: StoredFile, uploader: User) -> None:
    # Only among the uploader's own patients: the response must not reveal what others have.
    twin = Recording.objects.visible_to(uploader).filter(sha256=stored.sha256)
    if twin.exists():
        raise Conflict("This recording has already been uploaded.", code="duplicate_recording")
