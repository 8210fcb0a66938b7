"""A large treatment: a plan of 40 goals with 200 values each, a chart and a series of 500."""

import json

from bench.figures import Figure
from bench.pages import installation, measure_pages, signed_in
from therapybridge.tests.test_crashes import PEOPLE

ROWS = """
import json
from datetime import timedelta
from accounts.models import User
from treatment.models import *
patient = User.objects.get(pk="{patient}")
today = patient.clinic.today
plan = TreatmentPlan.objects.create(
    patient=patient, clinic=patient.clinic, title="Sleep and panic", start_date=today - timedelta(days=400),
    status="active", next_review_date=today, version=1,
)
goals = [
    Goal(plan=plan, patient=patient, position=at, term="short_term", wording=f"Goal number {{at}}", progress=at)
    for at in range(1, 41)
]
Goal.objects.bulk_create(goals)
of_goal = {{"patient": patient, "kind": "scale", "lowest": 0, "highest": 10}}
trackers = [Tracker(goal=goal, question=f"How was {{goal.position}}?", **of_goal) for goal in goals]
Tracker.objects.bulk_create(trackers)
for tracker in trackers:
    many = 500 if tracker is trackers[0] else 200
    TrackingEntry.objects.bulk_create(
        TrackingEntry(tracker=tracker, patient=patient, day=today - timedelta(days=at), value=at % 11)
        for at in range(many)
    )
score = {{"total": 9, "band": "mild", "subscales": {{}}, "endorsed": [], "prorated": False, "answers": {{}}}}
MeasureResult.objects.bulk_create(
    MeasureResult(
        patient=patient, instrument="phq-9", instrument_version=1, filled_by="patient",
        taken_date=today - timedelta(days=at), outcome=score | {{"total": at % 28}},
    )
    for at in range(500)
)
print(json.dumps([str(plan.pk), str(trackers[0].pk)]))
"""


def measure(requests: int) -> list[Figure]:
    """Ask for each page so many times."""
    with installation() as installed:
        patient = installed.manage("shell", "-v0", "-c", PEOPLE).split()[-1]
        made = installed.manage("shell", "-v0", "-c", ROWS.format(patient=patient))
        plan, tracker = json.loads(made.splitlines()[-1])
        installed.start_web()
        pages = {
            "a plan of 40 goals": f"/plans/{plan}",
            "chart of 500 values": f"/trackers/{tracker}",
            "500 results of a questionnaire": f"/patients/{patient}/measures",
        }
        return list(measure_pages(installed, signed_in(installed), pages, requests))
