"""The goals of a plan while it is locked, and what a change of one does to those above it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.care.access import RecordAccess
from therapybridge.core.errors import Conflict, EditConflict
from treatment.goals.choices import WEIGHTS, GoalStatus, Priority
from treatment.goals.models import Goal
from treatment.plans.models import TreatmentPlan
from treatment.signals import goal_achieved, goal_reopened
from treatment.statistics.progress import ACHIEVED, Weighted, raised, weighted_mean
from treatment.tracking.models import Award
from treatment.tracking.services.awards import give, progress_awards

TEXTS = ("wording", "plain_wording", "smart", "reason")
REASON = Goal._meta.get_field("reason")


class Tree:
    """All goals of a plan by id. Writes go through its methods, so that it stays as the database is."""

    def __init__(self, plan: TreatmentPlan, access: RecordAccess) -> None:
        self.plan, self.access = plan, access
        self.goals: dict[UUID, Goal] = {goal.pk: goal for goal in plan.goals.defer(*TEXTS).order_by("position", "id")}
        self.touched: list[UUID] = []
        self.awards: list[Award] = []

    @property
    def today(self) -> date:
        """The clinic's day."""
        return self.plan.clinic.today

    def below(self, parent: Goal | None) -> list[Goal]:
        """The goals right below one, or the topmost, in their order."""
        return self._by_parent()[parent.pk if parent else None]

    def counted(self, parent: Goal) -> list[Goal]:
        """The goals right below that make its progress; without any, it is rated itself."""
        return [goal for goal in self.below(parent) if goal.counts]

    def all_below(self, goal: Goal) -> Iterator[Goal]:
        """Every goal below, from the top."""
        below = self._by_parent()
        waiting = below[goal.pk][::-1]
        while waiting:
            child = waiting.pop()
            yield child
            waiting += below[child.pk][::-1]

    def _by_parent(self) -> defaultdict[UUID | None, list[Goal]]:
        """The goals right below each and, under None, the topmost, in their order; in one pass over the plan."""
        found: defaultdict[UUID | None, list[Goal]] = defaultdict(list)
        for goal in sorted(self.goals.values(), key=lambda one: (one.position, one.pk)):
            found[goal.parent_id].append(goal)
        return found

    def above(self, goal: Goal) -> Goal | None:
        """Its parent."""
        return self.goals[goal.parent_id] if goal.parent_id else None

    def mean_of(self, parent: Goal) -> int:
        """The mean of the goals that make its progress."""
        return weighted_mean([Weighted(one.progress, WEIGHTS[Priority(one.priority)]) for one in self.counted(parent)])

    def climb(self, goal: Goal | None) -> None:
        """Raise a goal, and all above it, to what those below say. A closed one stays, and so does all above it."""
        while goal is not None and goal.is_open:
            self.advance(goal, raised(goal.progress, self.mean_of(goal)))
            goal = self.above(goal)

    def advance(self, goal: Goal, percent: int) -> None:
        """Set the progress of an open goal: the first step starts it, the whole achieves it."""
        if percent >= ACHIEVED:
            self.achieve(goal)
            return
        self.awards += progress_awards(goal, percent, self.today)
        if goal.status == GoalStatus.NOT_STARTED and percent > goal.progress:
            self.move(goal, GoalStatus.IN_PROGRESS, progress=percent)
        elif percent != goal.progress:
            self.write(goal, progress=percent)

    def achieve(self, goal: Goal, **audit: Any) -> None:
        """Close it as achieved; the signal follows on commit."""
        self.awards += progress_awards(goal, ACHIEVED, self.today)
        self.move(goal, GoalStatus.ACHIEVED, progress=ACHIEVED, closed_date=self.today, **audit)
        transaction.on_commit(lambda: goal_achieved.send_robust(Goal, goal=goal), robust=True)

    def move(self, goal: Goal, status: str, **changes: Any) -> None:
        """Change its status, as whoever has the access; if it was achieved, a signal follows on commit."""
        self.touched.append(goal.pk)
        was_achieved = goal.status == GoalStatus.ACHIEVED
        goal.move_to(status, changed_by=self.access.user, **changes)
        if was_achieved:
            transaction.on_commit(lambda: goal_reopened.send_robust(Goal, goal=goal), robust=True)

    def write(self, goal: Goal, **columns: Any) -> None:
        """Write columns that a reader did not choose: progress, position, place. The revision stays."""
        self.touched.append(goal.pk)
        columns["updated_at"] = timezone.now()
        Goal.objects.filter(pk=goal.pk).update(**columns)
        for name, value in columns.items():
            setattr(goal, name, value)


@contextmanager
def changing(goal: Goal, access: RecordAccess, revision: int | None = None) -> Iterator[Tree]:
    """Lock the plan and read its goals again; `goal` is the one in the tree.

    Conflict if the plan has ended, EditConflict if the goal is not at `revision` any more.
    """
    access.require_write(goal.patient_id)
    with changing_plan(goal.plan, access) as tree:
        _refresh(goal, tree)
        if revision not in {None, goal.revision}:
            raise EditConflict(goal, "goal")
        yield tree


@contextmanager
def changing_plan(plan: TreatmentPlan, access: RecordAccess) -> Iterator[Tree]:
    """Lock a plan that goes on; Conflict if it has ended."""
    access.require_write(plan.patient_id)
    with locked_tree(plan, access) as tree:
        if not tree.plan.is_open:
            raise Conflict("This plan has ended, so its goals stay as they are.", code="plan_ended")
        yield tree


@contextmanager
def locked_tree(plan: TreatmentPlan, access: RecordAccess) -> Iterator[Tree]:
    """Lock a plan and read it with its goals; the caller has checked that this may change them."""
    access.require_patient(plan.patient_id)
    with plan.locked():
        held = TreatmentPlan.objects.select_related("clinic").get(pk=plan.pk)
        held.patient = access.patient
        tree = Tree(held, access)
        yield tree
        give(tree.awards)


def require_open(goal: Goal) -> None:
    """Conflict if it is achieved, replaced or discontinued."""
    if not goal.is_open:
        now = goal.get_status_display().lower()
        raise Conflict(f"This goal is closed ({now}). Open it again first.", code="goal_closed")


def _refresh(goal: Goal, tree: Tree) -> None:
    goal.refresh_from_db()
    goal.plan, goal.patient = tree.plan, tree.access.patient
    tree.goals[goal.pk] = goal
