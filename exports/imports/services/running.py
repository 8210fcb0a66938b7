"""The work of an import: checking a file, and taking it in."""

from copy import copy
from dataclasses import asdict
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.care.access import access_to
from accounts.models import User
from audit.log import record as audit
from audit.states import InvalidTransition
from exports.collect import sizes_of
from exports.imports.audit_actions import IMPORT_COMPARED, IMPORT_COMPLETED, IMPORT_FAILED
from exports.imports.models import RecordImport
from exports.imports.services import files
from exports.imports.services.origins import origins_with, possible_duplicates, source_of
from exports.imports.services.reading import read_record
from exports.imports.services.refusals import ImportRefused
from exports.imports.services.taking import conflicts, rehearse, require_whole, take_in
from exports.imports.signals import import_reached
from exports.records.record import Record
from therapybridge.core.actor import SYSTEM, Actor
from therapybridge.core.batches import each_alone
from therapybridge.core.crypto import DecryptionError
from therapybridge.core.errors import DomainError, Forbidden
from therapybridge.core.heartbeat import Heartbeat
from therapybridge.core.jobs import LeaseLost
from therapybridge.core.reconnecting import patiently

log = structlog.get_logger(__name__)
Status = RecordImport.Status
SOURCE: Any = RecordImport._meta.get_field("source")
GAVE_UP = "Reading the file stopped unexpectedly several times. Try again, or tell your administrator."


def run(job: RecordImport, *, by: Actor = SYSTEM) -> None:
    """Check or take in a claimed import, and commit what came of it. Unexpected exceptions propagate."""
    _reached(job, "claimed")
    try:
        if job.attempts > settings.JOB_MAX_ATTEMPTS:
            _fail(job, "gave_up", GAVE_UP)
        else:
            _work(job, by)
    except LeaseLost:
        log.info("import_lease_lost", job=str(job.pk))
    except (DecryptionError, FileNotFoundError):
        _fail(job, "file_damaged", "The uploaded file cannot be read any more. Upload it again.")
    except DomainError as error:
        _fail(job, error.code, error.detail)
    except Exception as error:
        # A defect, or a full disk: release the job so that it is retried, and let the worker log it.
        job.release_after(error)
        raise


def _work(job: RecordImport, by: Actor) -> None:
    actor = _requester(job, by)
    with Heartbeat(job) as heart:
        record = read_record(files.read(job))
        require_whole(record)
        _reached(job, "read")
        heart.check()
        if job.status == Status.CHECKING:
            _show(job, record, actor)
        else:
            patiently(lambda: _take(copy(job), record, actor))


def _requester(job: RecordImport, by: Actor) -> Actor:
    """Whoever uploaded it, who has to be a therapist of the clinic still."""
    person = User.objects.select_related("clinic").filter(pk=job.requested_by_id, is_active=True).first()
    if person is None or not person.is_therapist or person.clinic_id != job.clinic_id:
        raise Forbidden("Whoever uploaded this file may not take in records any more.", code="access_ended")
    return by.acting_as(person)


def _show(job: RecordImport, record: Record, by: Actor) -> None:
    """Say what is in it, once it is known that it could be taken in."""
    taken = [asdict(one) for one in conflicts(record, by.user.clinic)]
    if not taken:
        rehearse(record, by=by)
    _reached(job, "rehearsed")
    duplicates = [one.pk for one in possible_duplicates(record.patient, by.user.clinic)]
    source = SOURCE.seal(source_of(record) | {"possible_duplicates": [str(pk) for pk in duplicates]}, job.pk)
    told: dict[str, Any] = {"source": source, "counts": sizes_of(record), "conflicts": taken}

    def save() -> None:
        with transaction.atomic():
            copy(job).move_to(Status.READY, attempts=0, last_error="", **told)
            if duplicates:
                audit(IMPORT_COMPARED, job, by=by, ids=duplicates)

    patiently(save)


def _take(job: RecordImport, record: Record, by: Actor) -> None:
    """All of it with the row that says so, in one transaction."""
    if conflicts(record, by.user.clinic):
        raise ImportRefused("import_conflicts", "Some of it came here in the meantime. Nothing is overwritten.")
    with transaction.atomic():
        patient = take_in(record, by=by)
        _reached(job, "taken")
        transaction.on_commit(lambda: _reached(job, "committed"))
        files.remove_on_commit(job)
        now = timezone.now()  # after all that came in was made, and before anything is added here
        source = source_of(record) | {"origins": origins_with(job, record, by=by.user.full_name, at=now)}
        done: dict[str, Any] = {"patient_id": patient.pk, "completed_at": now, "path": "", "file_key": None}
        job.move_to(Status.COMPLETED, source=SOURCE.seal(source, job.pk), done_fraction=1, last_error="", **done)
        _audit(job, patient, by)
    log.info("import_completed", job=str(job.pk))


def _audit(job: RecordImport, patient: User, by: Actor) -> None:
    audit(IMPORT_COMPLETED, job, by=access_to(by, patient, may_write=True))


def _fail(job: RecordImport, code: str, detail: str) -> None:
    error: dict[str, Any] = {"error_code": code, "error_detail": detail[:300], "last_error": code[:40]}
    try:
        with transaction.atomic():
            files.remove_on_commit(job)
            job.move_to(Status.FAILED, action=IMPORT_FAILED, **files.forgotten(job), **error)
    except (LeaseLost, InvalidTransition):
        # Another worker has it, or somebody discarded it: what they say of it stands.
        log.info("import_lease_lost", job=str(job.pk), code=code)


def _reached(job: RecordImport, moment: str) -> None:
    import_reached.send(RecordImport, job=job, moment=moment)


def expire() -> int:
    """Discard files that nobody confirmed in time; returns how many."""
    return each_alone(list(RecordImport.objects.lapsed()[:200]), _expire, event="import_not_expired")


def _expire(job: RecordImport) -> bool:
    _fail(job, "expired", "Nobody confirmed this file within a day, so it was removed. Upload it again.")
    return True
