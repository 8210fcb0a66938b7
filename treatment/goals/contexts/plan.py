"""The goals of a plan, for its page and for its patient's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.urls import reverse

from accounts.care.access import RecordAccess
from accounts.models import User
from treatment.goals.choices import DROPPED, GoalStatus
from treatment.goals.contexts.drawn import pill_of, row_of
from treatment.goals.contexts.tree import Node, in_order, tree_of
from treatment.goals.models import Goal
from treatment.plans.models import TreatmentPlan
from treatment.thread.contexts.evidence import evidence_of
from treatment.thread.contexts.gaps import lines_of
from treatment.thread.services.gaps import gaps_in


def goals_context(access: RecordAccess, plan: TreatmentPlan) -> dict[str, Any]:
    """What `treatment/_goals.html` needs: the tree with what speaks to each goal, what is missing in the plan, and the
    goals that were given up.

    The caller has opened the plan; the number of queries does not grow with the goals.
    """
    goals = list(plan.goals.order_by("position", "id"))
    known = {goal.pk: goal for goal in goals}
    for goal in goals:
        if goal.replaced_by_id in known:
            goal.replaced_by = known[goal.replaced_by_id]
    standing, dropped = [goal for goal in goals if goal.counts], [goal for goal in goals if not goal.counts]
    tree = tree_of(standing)
    evidence = evidence_of(standing)
    new_goal = reverse("goals:new", args=[plan.pk])
    for node in in_order(tree):
        node.evidence, node.drawn = evidence[node.goal.pk], row_of(node, new_goal)
    for goal in dropped:
        goal.pill = pill_of(goal)
    return {
        "plan": plan,
        "goal_tree": tree,
        "dropped_goals": dropped,
        "gap_lines": lines_of(gaps_in([plan], goals)),
        "goal_ids": [goal.pk for goal in goals],  # for the audit row
        "goals_may_change": access.may_write and plan.is_open,
    }


HOW_FAR = ((100, "Reached"), (70, "Nearly there"), (40, "About halfway"), (15, "About a quarter"), (1, "Just started"))


def how_far(progress: int) -> str:
    """In words: most ratings are estimates, and a number would read like a measurement. Empty before the start."""
    return next((words for least, words in HOW_FAR if progress >= least), "")


@dataclass(slots=True)
class OwnGoal:
    """A goal as its patient reads it, without anything else that therapists write about it."""

    pk: UUID
    words: str
    progress: int
    is_achieved: bool
    children: list[OwnGoal] = field(default_factory=list)

    @property
    def how_far(self) -> str:
        """What its patient reads instead of a number."""
        return how_far(self.progress)


def goals_for_patient(patient: User, plans: Iterable[TreatmentPlan] | None = None) -> list[OwnGoal]:
    """The patient's own goals of plans that were started, or of these of them: those worked on and achieved, in plain
    words. The caller has opened the record.
    """
    rows = Goal.objects.shared_with(patient).exclude(status__in=DROPPED)
    if plans is not None:
        rows = rows.filter(plan__in=plans)
    plain = rows.defer("smart", "measurement", "reason").order_by("-plan__start_date", "plan", "position", "id")
    return [_plainly(node) for node in tree_of(plain)]


def _plainly(node: Node) -> OwnGoal:
    goal = node.goal
    return OwnGoal(
        goal.pk,
        goal.words_for_patient,
        goal.progress,
        goal.status == GoalStatus.ACHIEVED,
        [_plainly(child) for child in node.children],
    )
