"""Uploading a record, confirming that it is taken in, and discarding it."""

from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from accounts.identity.services.storage import require_room, room_for
from audit.log import record
from exports.imports.audit_actions import IMPORT_CANCELLED, IMPORT_CONFIRMED, IMPORT_UPLOADED
from exports.imports.models import RecordImport
from exports.imports.services import files
from exports.imports.services.reading import MAX_BYTES
from exports.imports.tasks import wake
from therapybridge.core import limits
from therapybridge.core.actor import Actor
from therapybridge.core.errors import Conflict, Forbidden, TooLarge, Unprocessable
from therapybridge.core.sealed_files import SealedFile

Status = RecordImport.Status
KEPT_FOR = timedelta(hours=24)
DISCARDED: dict[str, Any] = {"error_code": "discarded", "error_detail": "You discarded this file."}


def upload_import(file: "UploadedFile[Any]", *, by: Actor) -> RecordImport:
    """Keep a file, for a worker to check. Forbidden for all but therapists; TooLarge, Unprocessable (`empty`)."""
    if not by.user.is_therapist:
        raise Forbidden("Only a therapist can take in a record.")
    _require_size(file.size or 0)
    require_room(by.user.clinic, file.size or 0)
    limits.check_left("upload", limits.requester(by))
    sealed = files.keep(file)
    try:
        made = _create(sealed, by)
    except BaseException:
        files.remove(sealed.path)
        raise
    limits.count_one("upload", limits.requester(by))
    return made


def _require_size(size: int) -> None:
    if size > MAX_BYTES:
        raise TooLarge(f"The file is larger than {MAX_BYTES // 1024**2} MB.")
    if not size:
        raise Unprocessable("The file is empty.", code="empty")


def _create(sealed: SealedFile, by: Actor) -> RecordImport:
    with room_for(by.user.clinic, sealed.size), transaction.atomic():
        job: RecordImport = RecordImport.objects.create(
            clinic=by.user.clinic,
            requested_by=by.user,
            path=files.stored_path(sealed),
            file_key=sealed.key.hex(),
            size=sealed.size,
            sha256=sealed.sha256,
            expires_at=timezone.now() + KEPT_FOR,
        )
        record(IMPORT_UPLOADED, job, by=by)
        wake(job.pk)
    return job


def confirm_import(job: RecordImport, *, by: Actor) -> None:
    """Have it taken in. Conflict (`import_conflicts`) while ids are taken here, and if it is not ready any more."""
    if job.conflicts:
        raise Conflict("Some of it is here already. Nothing is overwritten.", code="import_conflicts")
    if job.expires_at <= timezone.now():
        raise Conflict("The file waited longer than a day, so it is removed. Upload it again.", code="expired")
    fresh: dict[str, Any] = {"attempts": 0, "next_attempt_at": Now(), "done_fraction": 0, "last_error": ""}
    with transaction.atomic():
        job.move_to(Status.IMPORTING, action=IMPORT_CONFIRMED, by=by, **fresh)
        wake(job.pk)


def discard_import(job: RecordImport, *, by: Actor) -> None:
    """Discard a file that was not taken in; the row stays."""
    if job.status not in (Status.CHECKING, Status.READY):
        raise Conflict("There is no file to discard.", code="not_waiting")
    job.token = None  # whoever checks it loses the lease
    with transaction.atomic():
        files.remove_on_commit(job)
        job.move_to(Status.FAILED, action=IMPORT_CANCELLED, by=by, **files.forgotten(job), **DISCARDED)
