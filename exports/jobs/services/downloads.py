"""Handing out an export: checked once more, on record and in the accounting before the first byte leaves."""

import io
from contextlib import ExitStack
from dataclasses import dataclass
from typing import BinaryIO

from django.db.models import F
from django.utils import timezone

from accounts.care.access import RecordAccess
from accounts.rights.services.requests import account_for
from audit.log import record
from exports.audit_actions import EXPORT_DOWNLOADED
from exports.builders import media_of
from exports.choices import Extra
from exports.jobs.access import ExportExpired, refusals_audited, require_entitlement
from exports.jobs.models import ExportJob
from therapybridge.core.crypto import DecryptionError
from therapybridge.core.dates import day
from therapybridge.core.errors import Conflict, Unavailable
from therapybridge.core.sealed_files import open_sealed


@dataclass(frozen=True, slots=True)
class Download:
    """An open file; `name` tells nobody's name."""

    file: BinaryIO
    size: int
    media_type: str
    name: str


def open_download(job: ExportJob, *, access: RecordAccess) -> Download:
    """Check, open, and put on record: one row of the trail and one of the accounting for each download.

    Forbidden (`access_ended`, `consent_required`), audited; Conflict (`export_not_ready`), ExportExpired (410),
    Unavailable (`file_damaged`).
    """
    access.require_patient(job.patient_id)
    with refusals_audited(EXPORT_DOWNLOADED, access, job), job.patient.locked(), ExitStack() as unsent:
        held = _held(job)
        require_entitlement(held, access.reader)
        file = unsent.enter_context(_opened(held))
        record(EXPORT_DOWNLOADED, held, by=access)
        told = {"recipient": held.recipient, "what": what_of(held), "why": held.purpose, "basis": held.basis}
        account_for(access, **told)
        ExportJob.objects.filter(pk=held.pk).update(downloads=F("downloads") + 1)
        unsent.pop_all()
    return described(held, file)


def look_at(job: ExportJob, *, access: RecordAccess) -> Download:
    """What a download would be, without its bytes; the errors of `open_download` but for a damaged file."""
    with refusals_audited(EXPORT_DOWNLOADED, access, job):
        held = _held(job)
        require_entitlement(held, access.reader)
    return described(held, io.BytesIO())


def described(job: ExportJob, file: BinaryIO) -> Download:
    """The file's size, type and name."""
    extension, media_type = media_of(job.kind, job.format)
    made_on = timezone.localdate(job.completed_at, job.patient.clinic_zone).isoformat()
    return Download(file, job.size or 0, media_type, f"{job.kind.replace('_', '-')}-{made_on}.{extension}")


def _held(job: ExportJob) -> ExportJob:
    found: ExportJob | None = ExportJob.objects.select_related("patient__clinic").filter(pk=job.pk).first()
    if found is None or found.status == ExportJob.Status.EXPIRED:
        raise ExportExpired
    if found.status != ExportJob.Status.COMPLETED:
        raise Conflict("This export is not ready yet.", code="export_not_ready")
    if not found.is_available:
        raise ExportExpired
    return found


def _opened(job: ExportJob) -> BinaryIO:
    """The plain bytes; the first are read at once, so that nothing is on record that could not be opened."""
    try:
        with ExitStack() as unread:
            file = unread.enter_context(open_sealed(job.file, bytes.fromhex(job.file_key or "")))
            file.peek()
            unread.pop_all()
    except (DecryptionError, OSError) as error:
        told = "The file of this export cannot be read any more. Make a new one."
        raise Unavailable(told, code="file_damaged") from error
    return file


def what_of(job: ExportJob) -> str:
    """What was handed out, for the accounting."""
    period = "".join(f", {word} {day(at)}" for word, at in (("from", job.start), ("until", job.end)) if at)
    sessions = job.parameters.get("sessions", ())
    chosen = f", {len(sessions)} session{'s' if len(sessions) > 1 else ''}" if sessions else ""
    extras = "".join(f", with {Extra(one).label.lower()}" for one in job.parameters.get("extras", ()))
    return f"{job.get_kind_display()} as {job.get_format_display()}{period}{chosen}{extras}"
