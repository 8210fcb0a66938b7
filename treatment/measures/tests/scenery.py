"""Questionnaires of both clinics for the access matrix."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from sessions_app.models import RiskReview
from therapybridge.core import links
from therapybridge.tests.matrix.canaries import word
from treatment.models import FormLink, MeasureAssignment, MeasureResult, MeasureSchedule

DAY = date(2025, 1, 5)


def write(scenery: Any) -> None:
    """Give each patient a schedule, what waits, a link, and results."""
    people, rows = scenery.people, scenery.rows
    owners = {
        "": ("p", people["patient"], people["assigned"]),
        "other_": ("q", people["other_patient"], people["colleague"]),
        "foreign_": ("r", rows["foreign_patient"], people["foreign"]),
    }
    for prefix, (owner, patient, therapist) in owners.items():
        rows |= {prefix + name: row for name, row in _measures(owner, patient, therapist).items()}


def _measures(owner: str, patient: User, therapist: User) -> dict[str, Any]:
    every = {"instrument": "pcl-5", "every_days": 7, "next_due_date": DAY + timedelta(days=3650)}
    linked = _waiting(patient, therapist, "session-check")
    secret, token_hash = links.new_secret()
    soon = timezone.now() + timedelta(hours=1)
    FormLink.objects.create(
        patient=patient,
        purpose="measure",
        target_id=linked.pk,
        token_hash=token_hash,
        expires_at=soon,
        password_stamp=patient.get_session_auth_hash(),
    )
    measure = _result(patient, therapist, word(owner, "care", "band"))
    withdrawn = {"withdrawn_at": timezone.now(), "withdrawal_reason": word(owner, "care", "mistake")}
    return {
        "measure_schedule": MeasureSchedule.objects.create(patient=patient, set_by=therapist, **every),
        "measure_assignment": _waiting(patient, therapist, "gad-7"),
        "linked_assignment": linked,
        "cancelled_assignment": _waiting(patient, therapist, "who-5", status="cancelled"),
        "form_secret": secret,
        "measure": measure,
        "withdrawn_measure": _result(patient, therapist, word(owner, "care", "gone"), **withdrawn),
        "answer_review": _review(measure, therapist, word(owner, "care", "answered")),
    }


def _waiting(patient: User, therapist: User, key: str, **fields: Any) -> MeasureAssignment:
    whose = {"patient": patient, "assigned_by": therapist, "instrument": key, "instrument_version": 1}
    row: MeasureAssignment = MeasureAssignment.objects.create(due_date=DAY, **whose, **fields)
    return row


def _result(patient: User, therapist: User, band: str, **fields: Any) -> MeasureResult:
    """The band is for therapists alone."""
    answers = {str(number): 1 for number in range(1, 10)}
    score = {"total": 9, "band": band, "subscales": {}, "endorsed": [], "prorated": False}
    row: MeasureResult = MeasureResult.objects.create(
        patient=patient,
        entered_by=therapist,
        instrument="phq-9",
        instrument_version=1,
        taken_date=DAY,
        filled_by="therapist",
        outcome={"answers": answers} | score,
        **fields,
    )
    return row


def _review(measure: MeasureResult, therapist: User, quote: str) -> RiskReview:
    hit = {"type": "suicidal_ideation", "severity": "high", "segments": [], "start": None, "speaker": "patient"}
    review: RiskReview = RiskReview.objects.create(
        source_type="phq-9.9",
        source_id=measure.pk,
        source_day=measure.taken_date,
        patient=measure.patient,
        clinic=therapist.clinic,
        owner=therapist,
        seen=[hit | {"quote": quote, "question": quote, "lines": quote}],
        due_at=timezone.now(),
    )
    return review
