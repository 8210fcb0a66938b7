"""Asking for an export, and looking at what it would hold."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from accounts.care.access import RecordAccess
from accounts.models import AccessRequest
from accounts.rights.choices import Basis
from audit.log import record
from exports.audit_actions import EXPORT_PREVIEWED, EXPORT_REQUESTED
from exports.choices import ExportKind
from exports.collect import Counts, counts
from exports.jobs.access import AccessEnded, refusals_audited, requests_for_a_copy, require_consents
from exports.jobs.models import ExportJob
from exports.jobs.services.options import ExportOptions, checked, request_of
from exports.jobs.tasks import wake
from therapybridge.core import limits
from therapybridge.core.text import all_written

MAX_WORDS = 500  # characters of recipient and purpose


@dataclass(frozen=True, slots=True)
class Permitted:
    """An export that may be made: checked, and not yet there."""

    access: RecordAccess
    options: ExportOptions
    access_request: AccessRequest | None
    recipient: str
    purpose: str


def request_export(access: RecordAccess, **chosen: Any) -> ExportJob:
    """Ask for an export and wake a worker; see `permit` and `create_export`."""
    return create_export(permit(access, **chosen))


def request_own_copy(access: RecordAccess, *, format: str) -> ExportJob:
    """Have a copy of the patient's own record made, by the request that the practice took up; see `permit`."""
    told = {"recipient": access.patient.full_name, "purpose": "The patient asked for a copy."}
    return request_export(access, kind=ExportKind.FULL_RECORD.value, format=format, basis=Basis.PATIENT.value, **told)


def permit(access: RecordAccess, *, recipient: str, purpose: str, **chosen: Any) -> Permitted:
    """What somebody may have exported; `chosen` are the fields of ExportOptions. Refusals are audited.

    InvalidInput, ConsentRequired; Forbidden for those who may only read; AccessEnded for a patient without a request
    that the practice takes up.
    """
    words = {"recipient": (recipient, MAX_WORDS), "purpose": (purpose, MAX_WORDS)}
    with refusals_audited(EXPORT_REQUESTED, access):
        options, asked = _permitted(access, chosen)
    return Permitted(access, options, asked, **all_written(words))


def create_export(permitted: Permitted) -> ExportJob:
    """Add an export that somebody asks for, ten an hour each, and wake a worker."""
    limits.check("export", limits.requester(permitted.access.reader))
    return add_export(permitted)


def add_export(permitted: Permitted) -> ExportJob:
    """Add an export, and wake a worker."""
    access, options, clinic = permitted.access, permitted.options, permitted.access.patient.clinic
    if clinic is None:
        raise TypeError("Every patient has a clinic.")
    with transaction.atomic():
        job = ExportJob.objects.create(
            clinic=clinic,
            patient=access.patient,
            requested_by=access.user,
            access_request=permitted.access_request,
            kind=options.kind,
            format=options.format,
            parameters=options.parameters(),
            basis=options.basis,
            recipient=permitted.recipient,
            purpose=permitted.purpose,
        )
        record(EXPORT_REQUESTED, job, by=access, changed=[options.kind, options.format])
        wake(job.pk)
    return job


def preview_export(access: RecordAccess, *, recipient: str = "", purpose: str = "", **chosen: Any) -> Counts:
    """What the export would hold if it were made now; nothing is stored, and for whom it is changes nothing."""
    with refusals_audited(EXPORT_PREVIEWED, access):
        options, _ = _permitted(access, chosen)
    found = counts(request_of(access, options))
    record(EXPORT_PREVIEWED, by=access, changed=[options.kind])
    return found


def _permitted(access: RecordAccess, chosen: Mapping[str, Any]) -> tuple[ExportOptions, AccessRequest | None]:
    """The checked options, and the request by which a patient may ask."""
    asked = None
    if access.is_own:
        asked = requests_for_a_copy(access.patient).first()
        if asked is None:
            raise AccessEnded("Ask for a copy of your record first. Your practice answers within 30 days.")
    else:
        access.require_write(access.patient.pk)
    options = checked(access, ExportOptions(**chosen))
    require_consents(access.patient, options.basis, options.extras)
    return options, asked
