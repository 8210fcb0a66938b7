"""Making an export: slow work outside transactions, then one that says where the file is."""

from copy import copy
from datetime import timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.utils import timezone

from accounts.rights.services.requests import fulfil_with_copy
from audit.log import deny
from audit.states import InvalidTransition
from exports.audit_actions import EXPORT_FAILED, EXPORT_MADE
from exports.choices import ExportKind
from exports.collect import collect, sizes_of
from exports.jobs.access import AccessEnded, require_entitlement
from exports.jobs.models import NO_ERROR, ExportJob
from exports.jobs.services import storage
from exports.jobs.services.options import about_of, options_of, request_of
from exports.jobs.signals import export_reached
from exports.records.record import Record
from therapybridge.core.actor import SYSTEM, Actor
from therapybridge.core.errors import ConsentRequired, DomainError
from therapybridge.core.heartbeat import Heartbeat
from therapybridge.core.jobs import LeaseLost
from therapybridge.core.reconnecting import patiently
from therapybridge.core.sealed_files import SealedFile

log = structlog.get_logger(__name__)
Status = ExportJob.Status
KEPT_FOR = timedelta(days=7)
FILE_KEY = ExportJob._meta.get_field("file_key")
COLLECTED = 0.4  # of the work
GAVE_UP = "Making the export stopped unexpectedly several times. Try again, or tell your administrator."
# What a person can put right: another consent, or a colleague who treats the patient.
REFUSALS = {ConsentRequired.code, AccessEnded.code}
RELEASED: dict[str, Any] = {"token": None, "lease_until": None, "finish_expected_at": None}


def run(job: ExportJob, *, by: Actor = SYSTEM) -> None:
    """Make a claimed export and commit its file or its failure. Unexpected exceptions propagate."""
    reached(job, "claimed")
    try:
        if job.attempts > settings.JOB_MAX_ATTEMPTS:
            fail(job, "gave_up", GAVE_UP, retriable=True)
        else:
            _make(job, by)
    except LeaseLost:
        log.info("export_lease_lost", job=str(job.pk))
    except DomainError as error:
        fail(job, error.code, error.detail, retriable=error.retriable or error.code in REFUSALS)
    except Exception as error:
        # A defect, or a full disk: release the job so that it is retried, and let the worker log it.
        job.release_after(error)
        raise


def _make(job: ExportJob, by: Actor) -> None:
    _begin(job)
    access = require_entitlement(job, by)
    storage.clear_attempts(job.pk)
    with Heartbeat(job) as heart:
        options = options_of(job)
        told = {"recipient": job.recipient, "purpose": job.purpose, "made_at": timezone.now()}
        record = collect(request_of(access, options), about_of(access, options, **told))
        heart.report(COLLECTED, at_once=True)
        reached(job, "collected")
        sealed = storage.draw(job.pk, job.format, record, heart.check)
    try:
        reached(job, "drawn")
        _save(job, sealed, record, by)
    except (DatabaseError, InterfaceError):
        # The answer to a commit can be lost, and then the row names the file. The next attempt or the sweep decides.
        raise
    except BaseException:
        storage.discard(sealed.path)
        raise
    log.info("export_made", job=str(job.pk), size=sealed.size)
    reached(job, "committed")


def _begin(job: ExportJob) -> None:
    if job.status == Status.PENDING:
        job.move_to(Status.PROCESSING)
        job.status = Status.PROCESSING


def _save(job: ExportJob, sealed: SealedFile, record: Record, by: Actor) -> None:
    """Commit what took minutes to draw, also if the database was restarted meanwhile."""

    def save() -> None:
        mine = ExportJob.objects.filter(pk=job.pk, path=_path_of(sealed))
        if not mine.exists():  # the answer to a commit can be lost
            _commit(copy(job), sealed, record, by)

    patiently(save)


def _path_of(sealed: SealedFile) -> str:
    return str(sealed.path.relative_to(settings.STORAGE_DIR))


def _commit(job: ExportJob, sealed: SealedFile, record: Record, by: Actor) -> None:
    """Say where the file is, unless who asked lost the right to it while it was made."""
    with job.patient.locked():
        access = require_entitlement(job, by)
        reached(job, "committing")
        now = timezone.now()
        job.move_to(
            Status.COMPLETED,
            action=EXPORT_MADE,
            by=access,
            changed=["status"],
            path=_path_of(sealed),
            size=sealed.size,
            sha256=sealed.sha256,
            file_key=FILE_KEY.seal(sealed.key.hex(), job.pk),
            counts=_counted(record),
            completed_at=now,
            expires_at=now + KEPT_FOR,
            done_fraction=1,
            **RELEASED | NO_ERROR,
        )
        if job.access_request is not None and job.kind == ExportKind.FULL_RECORD:  # a part of it answers nothing
            fulfil_with_copy(job.access_request)


def _counted(record: Record) -> dict[str, int]:
    """How many of what are in it, and how many are named as withheld."""
    numbers = {name: number for name, number in sizes_of(record).items() if number}
    withheld = sum(one.count for one in record.withheld)
    return numbers | ({"withheld": withheld} if withheld else {})


def fail(job: ExportJob, code: str, detail: str, *, retriable: bool) -> None:
    """End the export with an error, under the lease or, without one, if nobody else moved it."""
    is_refused = code in REFUSALS
    try:
        with job.patient.locked():
            action = None if is_refused else EXPORT_FAILED
            job.move_to(Status.FAILED, action=action, changed=["status"], **failure(code, detail, retriable=retriable))
            if is_refused:
                deny(EXPORT_MADE, code, by=SYSTEM, target=job)
            storage.clear_on_commit(job.pk)
    except (LeaseLost, InvalidTransition):
        log.info("export_lease_lost", job=str(job.pk))


def failure(code: str, detail: str, *, retriable: bool) -> dict[str, Any]:
    """The columns of an export that failed."""
    told = {"error_code": code, "error_detail": detail[:300], "error_retriable": retriable, "last_error": code}
    return told | RELEASED


def reached(job: ExportJob, moment: str) -> None:
    """Send the signal that the work reached `moment`."""
    export_reached.send(ExportJob, job=job, moment=moment)
