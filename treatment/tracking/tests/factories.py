"""Rows that tracking needs."""

from datetime import timedelta
from typing import Any

from accounts.models import User
from accounts.tests.factories import CareFactory
from treatment.models import Goal, Tracker, TreatmentPlan
from treatment.tracking.choices import TrackerKind


def active_goal(patient: User, **more: Any) -> Goal:
    """A goal of an active plan."""
    today = patient.clinic.today
    plan = TreatmentPlan.objects.create(
        patient=patient,
        clinic=patient.clinic,
        title="Sleep",
        start_date=today,
        status="active",
        next_review_date=today + timedelta(days=90),
        runs_alone=False,
    )
    given = {"position": 1, "term": "short_term", "wording": "Sleep through the night"} | more
    return Goal.objects.create(plan=plan, patient=patient, **given)


def running_tracker(patient: User | None = None, **more: Any) -> Tracker:
    """A scale from 0 to 10 that is asked for every day."""
    patient = patient or CareFactory().patient
    given = {"kind": TrackerKind.SCALE, "lowest": 0, "highest": 10, "question": "How did you sleep?"} | more
    return Tracker.objects.create(goal=given.pop("goal", None) or active_goal(patient), patient=patient, **given)
