"""Exports of the access matrix, with a canary in every text and in the file; nobody but who asked may see one."""

from datetime import timedelta
from io import BytesIO
from typing import Any

from django.conf import settings
from django.utils import timezone

from accounts.models import AccessRequest
from exports.jobs.models import ExportJob
from exports.jobs.services import storage
from therapybridge.core.sealed_files import seal_file
from therapybridge.tests.matrix.canaries import word

FAILED = {"error_code": "internal", "error_detail": "x", "error_retriable": True}


def write(scenery: Any) -> None:
    """For each owner of canaries, one that is ready, one that waits, and one that failed."""
    people, rows = scenery.people, scenery.rows
    owners = {
        "": ("p", people["patient"], people["assigned"]),
        "other_": ("q", people["other_patient"], people["colleague"]),
        "foreign_": ("r", rows["foreign_patient"], people["foreign"]),
    }
    for prefix, (owner, patient, therapist) in owners.items():
        words = {name: word(owner, "private", name) for name in ("recipient", "purpose")}
        asked = {"clinic": patient.clinic, "patient": patient, "requested_by": therapist, **words}
        asked |= {"kind": "timeline", "format": "csv", "basis": "practice"}
        rows[f"{prefix}export"] = _ready(asked, owner)
        rows[f"{prefix}waiting_export"] = ExportJob.objects.create(**asked)
        rows[f"{prefix}failed_export"] = ExportJob.objects.create(**asked, status="failed", **FAILED)
    rows["own_copy"] = _own_copy(people["other_patient"], asked)
    rows["left_export"] = ExportJob.objects.create(
        **asked | {"patient": people["patient"], "clinic": rows["clinic"], "requested_by": people["ended"]}
    )


def _own_copy(patient: Any, asked: dict[str, Any]) -> ExportJob:
    """By a request of the other patient that the practice took up."""
    due = timezone.now() + timedelta(days=30)
    request = AccessRequest.objects.create(patient=patient, kind="download", status="in_progress", due_at=due)
    own = {"patient": patient, "clinic": patient.clinic, "requested_by": patient, "access_request": request}
    own |= {"kind": "full_record", "basis": "patient"} | dict.fromkeys(
        ("recipient", "purpose"), word("q", "own", "copy")
    )
    return _ready(asked | own, "q", kind="own")


def _ready(asked: dict[str, Any], owner: str, kind: str = "private") -> ExportJob:
    now, job = timezone.now(), ExportJob(**asked)
    sealed = seal_file(BytesIO(word(owner, kind, "file").encode()), storage.folder_of(job.pk))
    job.status, job.completed_at, job.expires_at = "completed", now, now + timedelta(days=7)
    job.path, job.file_key = str(sealed.path.relative_to(settings.STORAGE_DIR)), sealed.key.hex()
    job.size, job.sha256 = sealed.size, sealed.sha256
    job.save(force_insert=True)
    return job
