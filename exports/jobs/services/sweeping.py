"""Files whose time is over, and files that no row names."""

import time
from contextlib import suppress
from functools import partial
from pathlib import Path
from uuid import UUID

import structlog
from django.db import transaction

from exports.audit_actions import EXPORT_EXPIRED
from exports.choices import IDLE
from exports.jobs.models import ExportJob
from exports.jobs.services import storage
from therapybridge.core.actor import SYSTEM, Actor
from therapybridge.core.batches import each_alone
from therapybridge.core.errors import Conflict

log = structlog.get_logger(__name__)
Status = ExportJob.Status
EXPIRED_A_RUN = 200
ORPHAN_AGE = 3600  # seconds; a worker that has just lost its lease removes its own file


def expire(*, by: Actor = SYSTEM) -> int:
    """Delete the files of exports that are older than seven days; the rows stay. Returns how many."""
    found = list(ExportJob.objects.expired().select_related("patient").order_by("expires_at")[:EXPIRED_A_RUN])
    return each_alone(found, partial(_expire, by=by), event="export_not_expired")


def _expire(job: ExportJob, *, by: Actor) -> bool:
    with suppress(Conflict), transaction.atomic():  # unless it was deleted in the meantime
        job.move_to(Status.EXPIRED, action=EXPORT_EXPIRED, by=by, path="", file_key=None)
        storage.clear_on_commit(job.pk)
        return True
    return False


def remove_orphans() -> int:
    """Remove what lies in the folder longer than an hour and belongs to no finished export; returns how many files."""
    ids = list(storage.stored())
    rows = {job.pk: job for job in ExportJob.objects.filter(pk__in=ids).only("status", "path")}
    return sum(_remove_orphans(job_id, rows.get(job_id)) for job_id in ids)


def _remove_orphans(job_id: UUID, job: ExportJob | None) -> int:
    if job is not None and job.status not in IDLE:
        return 0
    kept = job.file if job is not None and job.path else None
    orphans = [file for file in storage.files_of(job_id) if file != kept and _is_old(file)]
    for file in orphans:
        storage.discard(file)
        log.warning("export_orphan_removed", job=str(job_id))
    storage.remove_if_empty(job_id)
    return len(orphans)


def _is_old(file: Path) -> bool:
    with suppress(FileNotFoundError):
        return file.stat().st_mtime < time.time() - ORPHAN_AGE
    return False
