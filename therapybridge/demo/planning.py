"""What therapists of the demonstration do with plans and goals, each step by the service that does it always."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sessions_app.models import SessionNote
from therapybridge.demo.course import Course
from therapybridge.demo.script import Table
from timeline.models import GOAL, MILESTONE, PLAN, REVIEW
from treatment.goals.models import GoalIntervention, Intervention
from treatment.goals.services.changes import create_goal
from treatment.goals.services.endings import discontinue_goal
from treatment.goals.services.interventions import add_use, change_use
from treatment.goals.services.progress import rate_goal
from treatment.models import TreatmentPlan
from treatment.plans.services.consents import record_plan_consent
from treatment.plans.services.lifecycle import activate_plan, discontinue_plan, hold_plan
from treatment.plans.services.milestones import add_milestone, change_milestone
from treatment.plans.services.reviews import review_plan
from treatment.plans.services.writing import create_plan
from treatment.thread.services.links import set_goals, version_of
from treatment.tracking.services.trackers import add_tracker

PLAN_FIELDS = ("title", "codes", "diagnosis", "problems", "session_frequency", "review_every_days")
GOAL_FIELDS = ("wording", "plain_wording", "term", "priority")
TRACKER_FIELDS = (
    *("kind", "rhythm", "every_days", "better", "question", "unit", "lowest", "highest"),
    *("asks_patient", "moves_goal"),  # no reminders: nobody reads the e-mails of invented people
)


def agree_former_plan(course: Course) -> None:
    """Start a plan that is given up later, with its goals and the patient's consent."""
    written = course.written["former"]
    _agree(course, written, written["goals"])


def give_up_plan(course: Course, written: Table) -> None:
    """End the plan early."""
    plan = course.plan
    discontinue_plan(plan, reason=written["reason"], revision=plan.revision, access=course.access)
    course.tell(PLAN, [plan.pk])


def agree_plan(course: Course) -> None:
    """Draft the plan with its goals and milestones; unless it stays a draft, start it with the patient's consent."""
    written, access = course.written, course.access
    _agree(course, written["plan"], written["goals"], written.get("milestones", ()))
    for tracker in written.get("trackers", ()):
        row = add_tracker(course.goal(tracker["goal"]), access=access, **_given(tracker, TRACKER_FIELDS))
        course.trackers[tracker["name"]] = row.pk


def _agree(course: Course, said: Table, goals: Sequence[Table], steps: Sequence[Table] = ()) -> None:
    access = course.access
    end = course.case.patient.clinic_day + timedelta(days=said["lasts"])
    plan = create_plan(access, **_given(said, PLAN_FIELDS), target_end_date=end)
    for goal in goals:
        _set_goal(course, plan, goal)
    for step in steps:
        add_milestone(plan, access=access, description=step["description"])
    if not said.get("is_draft"):
        activate_plan(plan, revision=plan.revision, access=access)
        _consent(course, plan, said["consent"])
    course.tell(PLAN, [plan.pk])
    course.tell(GOAL, course.goals.values())


def _set_goal(course: Course, plan: TreatmentPlan, written: Table) -> None:
    parent = course.goals[written["below"]] if "below" in written else None
    said = _given(written, GOAL_FIELDS) | _measurement(written)
    goal = create_goal(plan, access=course.access, parent=parent, **said)
    course.goals[written["name"]] = goal.pk
    for use in written.get("interventions", ()):
        entry, often = Intervention.objects.get(key=use["key"]), use.get("frequency", "")
        add_use(goal, entry, access=course.access, frequency=often)


def _measurement(written: Table) -> dict[str, Any]:
    """Its numbers as the form hands them over."""
    if "unit" not in written:
        return {}
    numbers = {name: Decimal(written[name]) for name in ("baseline", "target")}
    return {"measurement": {"unit": written["unit"], **numbers}}


def _given(written: Table, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: written[name] for name in names if name in written}


def _consent(course: Course, plan: TreatmentPlan, method: str) -> None:
    record_plan_consent(plan, version=plan.version, access=course.access, method=method)


def review(course: Course, written: Table) -> None:
    """Review the plan; if it says something else by now, the patient agrees to that."""
    plan = course.plan
    told = {"outcome": written["outcome"], "notes": written["notes"]}
    held = review_plan(plan, **told, revision=plan.revision, access=course.access)
    course.tell(REVIEW, [held.pk])
    if plan.version != held.version:
        _consent(course, plan, course.written["plan"]["consent"])


def hold(course: Course, written: Table) -> None:
    """Put the plan on hold."""
    plan = course.plan
    hold_plan(plan, reason=written["reason"], revision=plan.revision, access=course.access)


def reach_milestone(course: Course, number: int) -> None:
    """Tick off the milestone of that number, from 1."""
    step = course.plan.milestones.select_related("plan__clinic", "patient").get(position=number)
    change_milestone(step, revision=step.revision, access=course.access, status="achieved")
    course.tell(MILESTONE, [step.pk])


def rate(course: Course, name: str, written: Table) -> None:
    """Say how far a goal has come."""
    rate_goal(course.goal(name), access=course.access, percent=written["percent"], note=written.get("note", ""))
    course.tell(GOAL, [course.goals[name]])


def give_up_goal(course: Course, name: str, written: Table) -> None:
    """Give a goal up, and say why."""
    goal = course.goal(name)
    discontinue_goal(goal, revision=goal.revision, reason=written["reason"], access=course.access)
    course.tell(GOAL, [goal.pk])


def judge_intervention(course: Course, name: str, written: Table) -> None:
    """Say how well an intervention works."""
    uses = GoalIntervention.objects.select_related("goal__plan__clinic", "intervention")
    use = uses.get(goal=course.goals[name], intervention__key=written["key"])
    change_use(use, revision=use.revision, access=course.access, effectiveness=written["works"]["well"])


def link_note(course: Course, written: Table) -> None:
    """Say which goals the note of a meeting serves, or why it serves none."""
    held = course.case.dates[written["meeting"] - 1]
    note = SessionNote.objects.select_related("session").get(patient=course.case.patient, session__session_date=held)
    goals = [course.goals[name] for name in written.get("goals", ())]
    set_goals(note, version=version_of(note), access=course.access, goals=goals, reason=written.get("reason", ""))
