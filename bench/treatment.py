"""Measure a large treatment: a plan of 40 goals with 200 values each, a chart and a series of 500.

`./dev bench [requests] --treatment` (100).
"""

import json

from bench.pages import compare, expected, signed_in
from therapybridge.tests.deployment import Deployment
from therapybridge.tests.test_crashes import PEOPLE

NAMES = ("plan page, 40 goals", "chart of 500 values", "500 results")
GOALS = dict.fromkeys(NAMES, 150)  # p95, ms
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


def measure(installed: Deployment, requests: int) -> bool:
    """Print the figures; whether all goals are met."""
    patient = installed.manage("shell", "-v0", "-c", PEOPLE).split()[-1]
    plan, tracker = json.loads(installed.manage("shell", "-v0", "-c", ROWS.format(patient=patient)).splitlines()[-1])
    installed.manage("collectstatic", "--noinput", "--verbosity", "0")
    installed.start_web()
    browser = signed_in(installed)
    paths = (f"/plans/{plan}", f"/trackers/{tracker}", f"/patients/{patient}/measures")
    acts = {
        name: (path, lambda number, path=path: expected(browser.get(path)))  # type: ignore[misc]  # the default binds
        for name, path in zip(NAMES, paths, strict=True)
    }
    return compare(installed, acts, GOALS, requests)
