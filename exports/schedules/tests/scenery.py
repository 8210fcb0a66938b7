"""Schedules of the access matrix, with a canary in each text."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from exports.schedules.models import ExportSchedule
from therapybridge.tests.matrix.canaries import word


def write(scenery: Any) -> None:
    """One of each therapist who treats an owner of canaries."""
    people, rows = scenery.people, scenery.rows
    rows["tomorrow"] = timezone.now().date() + timedelta(days=2)  # in any zone
    owners = {
        "": ("p", people["patient"], people["assigned"]),
        "other_": ("q", people["other_patient"], people["colleague"]),
        "foreign_": ("r", rows["foreign_patient"], people["foreign"]),
    }
    for prefix, (owner, patient, therapist) in owners.items():
        rows[f"{prefix}export_schedule"] = ExportSchedule.objects.create(
            patient=patient,
            owner=therapist,
            kind="timeline",
            format="csv",
            basis="practice",
            recipient=word(owner, "care", "recipient"),
            purpose=word(owner, "care", "purpose"),
            rhythm="weekly",
            first_day=timezone.now().date() + timedelta(days=3),
            next_due_at=timezone.now() + timedelta(days=3),
        )
