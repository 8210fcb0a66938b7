"""Cancelling, retrying and deleting, and the stop that follows from a withdrawn consent."""

from collections.abc import Mapping
from typing import Any

from django.db.models.functions import Now

from accounts.care.access import RecordAccess
from accounts.models import User
from audit.log import record
from exports.audit_actions import EXPORT_CANCELLED, EXPORT_DELETED, EXPORT_RETRIED
from exports.jobs.access import refusals_audited, require_consents, require_entitlement
from exports.jobs.models import NO_ERROR, ExportJob
from exports.jobs.services import storage
from exports.jobs.services.making import RELEASED, fail, failure
from exports.jobs.tasks import wake
from therapybridge.core import limits
from therapybridge.core.errors import Conflict, ConsentRequired

Status = ExportJob.Status
CANCELLED = "You cancelled this export."


def cancel_export(job: ExportJob, *, access: RecordAccess) -> None:
    """Stop an export that waits or is being made; the worker can then neither go on nor commit."""
    access.require_patient(job.patient_id)
    with job.patient.locked():
        held = _held(job)
        if held.status not in (Status.PENDING, Status.PROCESSING):
            raise Conflict("This export is not being made.", code="not_running")
        held.move_to(
            Status.FAILED,
            action=EXPORT_CANCELLED,
            by=access,
            changed=["status"],
            **failure("cancelled", CANCELLED, retriable=True),
        )
        storage.clear_on_commit(job.pk)


def retry_export(job: ExportJob, *, access: RecordAccess) -> None:
    """Make a failed export again, by the rights of now; it counts as one of the ten an hour."""
    access.require_patient(job.patient_id)
    with refusals_audited(EXPORT_RETRIED, access, job), job.patient.locked():
        held = _held(job)
        if held.status != Status.FAILED:
            raise Conflict("There is nothing to retry: this export has not failed.", code="not_failed")
        if not held.error_retriable:
            raise Conflict("Retrying would not help. " + held.error_detail, code="not_retriable")
        require_entitlement(held, access.reader)
        limits.check("export", limits.requester(access.reader))
        fresh: dict[str, Any] = {"attempts": 0, "next_attempt_at": Now(), "done_fraction": 0, "last_error": ""}
        held.move_to(Status.PENDING, action=EXPORT_RETRIED, by=access, **fresh | RELEASED | NO_ERROR)
        wake(job.pk)


def delete_export(job: ExportJob, *, access: RecordAccess) -> None:
    """Remove an export with its file, also while it is made; what is on record about it stays."""
    access.require_patient(job.patient_id)
    with job.patient.locked():
        held = _held(job)
        record(EXPORT_DELETED, held, by=access)
        storage.clear_on_commit(job.pk)
        held.delete()


def stop_without_consent(patient: User, decisions: Mapping[str, str]) -> int:
    """Stop exports of a patient that need a consent which is not given any more; returns how many."""
    running = ExportJob.objects.running().filter(patient=patient).select_related("patient")
    return sum(_stop(job) for job in running) if decisions else 0


def _stop(job: ExportJob) -> bool:
    try:
        require_consents(job.patient, job.basis, job.parameters.get("extras", ()))
    except ConsentRequired as error:
        job.token = None  # whoever holds the lease loses it
        fail(job, error.code, error.detail, retriable=True)
        return True
    return False


def _held(job: ExportJob) -> ExportJob:
    """The row as it is now, whoever holds its lease; Conflict if it was deleted."""
    held: ExportJob | None = ExportJob.objects.select_related("patient__clinic", "clinic").filter(pk=job.pk).first()
    if held is None:
        raise Conflict("This export was deleted in the meantime.", code="deleted")
    held.token = None
    return held
