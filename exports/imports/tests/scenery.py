"""Imports of the access matrix, with a canary in what is kept of each file; nobody but who uploaded it may see one."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from exports.imports.models import RecordImport
from therapybridge.tests.matrix.canaries import word


def write(scenery: Any) -> None:
    """For each owner of canaries, one that is ready, and of assigned also one that is being checked."""
    people, rows = scenery.people, scenery.rows
    owners = {
        "": ("p", people["assigned"]),
        "other_": ("q", people["colleague"]),
        "foreign_": ("r", people["foreign"]),
    }
    later = timezone.now() + timedelta(hours=1)
    for prefix, (owner, therapist) in owners.items():
        source = {"patient": word(owner, "private", "imported")}
        held = {"clinic": therapist.clinic, "requested_by": therapist, "size": 1, "sha256": "0" * 64}
        rows[f"{prefix}import"] = RecordImport.objects.create(status="ready", source=source, expires_at=later, **held)
    rows["checking_import"] = RecordImport.objects.create(
        clinic=rows["clinic"], requested_by=people["assigned"], size=1, sha256="0" * 64, expires_at=later
    )
