"""Goals and interventions of the access matrix, with a canary in every text."""

from typing import Any

from accounts.models import User
from therapybridge.tests.matrix.canaries import word
from treatment.goals.models import GoalRating, Intervention
from treatment.goals.tests.factories import make_goal, make_intervention, make_plan, use
from treatment.thread.models import NoteWithoutGoal


def write(scenery: Any) -> None:
    """For each owner of canaries, an active plan with a goal, one below it, and one that was given up."""
    people, rows = scenery.people, scenery.rows
    rows["system_intervention"] = Intervention.objects.get(key="thought-record")
    rows["intervention"] = make_intervention(rows["clinic"])
    rows["other_intervention"] = make_intervention(rows["clinic"], "Letters")
    rows["foreign_intervention"] = make_intervention(rows["foreign_clinic"], "Their own")
    owners = {
        "": ("p", people["patient"], people["assigned"]),
        "other_": ("q", people["other_patient"], people["colleague"]),
        "foreign_": ("r", rows["foreign_patient"], people["foreign"]),
    }
    for prefix, (owner, patient, therapist) in owners.items():
        entry = rows["foreign_intervention" if owner == "r" else "intervention"]
        found = _goals(owner, patient, therapist, entry)
        rows |= {prefix + name: row for name, row in found.items()}
        note, reason = rows[f"{prefix}archived_note"], word(owner, "care", "servesnone")
        NoteWithoutGoal.objects.create(note=note, patient=patient, reason=reason, said_by=therapist)


def _goals(owner: str, patient: User, therapist: User, entry: Intervention) -> dict[str, Any]:
    words = {name: word(owner, "care", name) for name in ("diagnosis", "problems")}
    plan = make_plan(patient, therapist, title=word(owner, "own", "title"), **words)
    goal = make_goal(plan, wording=word(owner, "care", "goal"), plain_wording=word(owner, "own", "goal"))
    lower = make_goal(
        plan,
        goal,
        wording=word(owner, "care", "lower"),
        plain_wording=word(owner, "own", "lower"),
        smart={"specific": word(owner, "care", "smart")},
        measurement={"unit": word(owner, "care", "unit"), "baseline": "0", "current": "0", "target": "5"},
    )
    closed = make_goal(
        plan,
        wording=word(owner, "care", "closed"),
        plain_wording=word(owner, "own", "closed"),
        status="discontinued",
        reason=word(owner, "care", "dropped"),
        closed_date=plan.start_date,
    )
    rated = {"percent": 10, "value": "3", "note": word(owner, "care", "rated")}
    GoalRating.objects.create(goal=lower, rated_date=plan.start_date, rated_by=therapist, **rated)
    texts = {name: word(owner, "care", name) for name in ("frequency", "notes")}
    found = {"goals_plan": plan, "goal": goal, "lower_goal": lower, "closed_goal": closed}
    return found | {"goal_use": use(lower, entry, **texts)}
