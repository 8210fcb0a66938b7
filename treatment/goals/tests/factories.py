"""Plans and goals for tests."""

from datetime import timedelta
from typing import Any

from accounts.models import User
from treatment.goals.models import Goal, GoalIntervention, Intervention
from treatment.plans.models import TreatmentPlan


def make_plan(patient: User, therapist: User, **fields: Any) -> TreatmentPlan:
    """An active plan that began two months ago."""
    today = patient.clinic.today
    given = {
        "clinic": patient.clinic,
        "therapist": therapist,
        "title": "Less fear",
        "diagnosis": "",
        "problems": "",
        "start_date": today - timedelta(days=60),
        "next_review_date": today + timedelta(days=30),
        "status": "active",
        "version": int(fields.get("status") != "draft"),
    }
    plan: TreatmentPlan = TreatmentPlan.objects.create(patient=patient, **given | fields)
    return plan


def make_goal(plan: TreatmentPlan, parent: Goal | None = None, **fields: Any) -> Goal:
    """A goal at the end of those below `parent`, of the term of its level."""
    level = parent.level + 1 if parent else 1
    given = {
        "term": ("long_term", "short_term", "objective")[level - 1],
        "wording": "Take the bus alone",
        "plain_wording": "",
        "position": Goal.objects.filter(plan=plan, parent=parent).count() + 1,
    }
    goal: Goal = Goal.objects.create(plan=plan, patient=plan.patient, parent=parent, level=level, **given | fields)
    return goal


def make_intervention(clinic: Any, name: str = "Bus rides together", **fields: Any) -> Intervention:
    """An entry of a clinic's own."""
    entry: Intervention = Intervention.objects.create(clinic=clinic, name=name, **fields)
    return entry


def use(goal: Goal, intervention: Intervention, **fields: Any) -> GoalIntervention:
    """An intervention of a goal."""
    given = {"frequency": "Once a week", "notes": ""}
    linked: GoalIntervention = GoalIntervention.objects.create(
        goal=goal, patient=goal.patient, intervention=intervention, **given | fields
    )
    return linked
