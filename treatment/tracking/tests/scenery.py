"""What is tracked, and check-ins, of both clinics for the access matrix."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from therapybridge.core import links
from therapybridge.tests.matrix.canaries import word
from treatment.models import CheckIn, FormLink, Goal, Tracker, TrackingEntry
from treatment.tracking.services.reminders import token_of


def write(scenery: Any) -> None:
    """For the goal of each patient, something that is asked, something that was, values, a check-in and a link."""
    people, rows = scenery.people, scenery.rows
    owners = {
        "": ("p", people["patient"], people["assigned"]),
        "other_": ("q", people["other_patient"], people["colleague"]),
        "foreign_": ("r", rows["foreign_patient"], people["foreign"]),
    }
    for prefix, (owner, patient, therapist) in owners.items():
        found = _tracked(owner, patient, therapist, rows[f"{prefix}goal"])
        rows |= {prefix + name: row for name, row in found.items()}
    rows["today"] = people["patient"].clinic.today.isoformat()


def _tracked(owner: str, patient: User, therapist: User, goal: Goal) -> dict[str, Any]:
    of_goal = {"goal": goal, "patient": patient, "kind": "scale", "lowest": 0, "highest": 10}
    tracker = Tracker.objects.create(question=word(owner, "own", "asked"), unit=word(owner, "own", "unit"), **of_goal)
    ended = Tracker.objects.create(question=word(owner, "own", "askedonce"), ended_at=timezone.now(), **of_goal)
    day = patient.clinic.today if patient.clinic else timezone.now().date()
    check_in = CheckIn.objects.create(
        patient=patient, day=day, sent_key="a", mood=6, note=word(owner, "own", "checkedin")
    )
    of_tracker = {"tracker": tracker, "patient": patient, "day": day, "value": 6}
    entry = TrackingEntry.objects.create(note=word(owner, "care", "valuenote"), entered_by=therapist, **of_tracker)
    withdrawn = TrackingEntry.objects.create(withdrawn_at=timezone.now(), check_in=check_in, **of_tracker)
    secret, token_hash = links.new_secret()
    soon = timezone.now() + timedelta(hours=1)
    of_link = {"purpose": "check_in", "target_id": patient.pk, "token_hash": token_hash, "expires_at": soon}
    of_link["password_stamp"] = patient.get_session_auth_hash()
    FormLink.objects.create(patient=patient, **of_link)
    return {
        "tracker": tracker,
        "ended_tracker": ended,
        "check_in": check_in,
        "tracking_entry": entry,
        "withdrawn_entry": withdrawn,
        "check_in_secret": secret,
        "reminder_token": token_of(patient),
    }
