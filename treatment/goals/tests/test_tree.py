"""Progress in random trees, against a plain calculation of the same rules."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.care.access import RecordAccess
from accounts.models import User
from accounts.tests.factories import access_for
from therapybridge.core.errors import DomainError
from treatment.goals.models import Goal
from treatment.goals.services import changes, endings
from treatment.goals.services.progress import rate_goal
from treatment.goals.tests.factories import make_plan
from treatment.plans.models import TreatmentPlan

pytestmark = pytest.mark.django_db
TERMS = ("long_term", "short_term", "objective")
WEIGHT = {"high": 3, "medium": 2, "low": 1}
DROPPED = {"modified", "discontinued"}


@dataclass
class Node:
    """A goal as the rules of the product describe it, without a database."""

    priority: str
    parent: Node | None
    status: str = "not_started"
    progress: int = 0
    children: list[Node] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        return self.status in {"not_started", "in_progress"}

    @property
    def parts(self) -> list[Node]:
        return [child for child in self.children if child.status not in DROPPED]

    def mean(self) -> int:
        weights = sum(WEIGHT[one.priority] for one in self.parts)
        if not weights:
            return 0
        exact = Fraction(sum(one.progress * WEIGHT[one.priority] for one in self.parts), weights)
        is_whole = all(one.progress == 100 for one in self.parts)
        return 100 if is_whole else min(99, math.floor(exact + Fraction(1, 2)))

    def reach(self, percent: int) -> None:
        if percent > self.progress:
            self.status = "in_progress"
        self.progress = max(self.progress, percent)
        if self.progress == 100:
            self.status = "achieved"

    def rise(self) -> None:
        if self.is_open:
            self.reach(self.mean())
            if self.parent:
                self.parent.rise()


class Oracle:
    """Does to nodes what is done to goals; False if that is not allowed."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []

    def create(self, node: Node | None, priority: str, **_: Any) -> bool:
        depth = 0
        above = node
        while above:
            depth, above = depth + 1, above.parent
        if depth == 3 or (node and not node.is_open):
            return False
        new = Node(priority, node)
        self.nodes.append(new)
        if node:
            node.children.append(new)
        return True

    def rate(self, node: Node, percent: int, **_: Any) -> bool:
        if not node.is_open or node.parts:
            return False
        node.reach(percent)
        if node.parent:
            node.parent.rise()
        return True

    def achieve(self, node: Node, **_: Any) -> bool:
        if not node.is_open:
            return False
        node.status, node.progress = "achieved", 100
        if node.parent:
            node.parent.rise()
        return True

    def discontinue(self, node: Node, **_: Any) -> bool:
        if not node.is_open:
            return False
        self._drop(node)
        if node.parent:
            node.parent.rise()
        return True

    def _drop(self, node: Node) -> None:
        node.status = "discontinued" if node.is_open else node.status
        for child in node.children:
            self._drop(child)

    def reopen(self, node: Node, percent: int, **_: Any) -> bool:
        chain, above = [], node.parent
        while above:
            chain, above = [*chain, above], above.parent
        start = node.mean() if node.parts else min(percent, 99)
        closed = node.status in {"achieved", "discontinued"}
        if not closed or any(one.status in DROPPED for one in chain) or start == 100:
            return False
        node.status, node.progress = "in_progress", start
        for one in chain:
            one.progress = one.mean()
            one.status = "in_progress" if one.status == "achieved" else one.status
        return True


class Real:
    """The same through the product's services."""

    def __init__(self, plan: TreatmentPlan, access: RecordAccess) -> None:
        self.plan, self.access, self.goals = plan, access, list[Goal]()

    def create(self, goal: Goal | None, priority: str, **_: Any) -> None:
        place = {"parent": goal.pk if goal else None, "term": TERMS[min(goal.level if goal else 0, 2)]}
        self.goals.append(changes.create_goal(self.plan, access=self.access, wording="x", priority=priority, **place))

    def rate(self, goal: Goal, percent: int, **_: Any) -> None:
        rate_goal(goal, percent=percent, access=self.access)

    def achieve(self, goal: Goal, **_: Any) -> None:
        endings.achieve_goal(goal, revision=goal.revision, access=self.access)

    def discontinue(self, goal: Goal, **_: Any) -> None:
        endings.discontinue_goal(goal, revision=goal.revision, reason="x", access=self.access)

    def reopen(self, goal: Goal, percent: int, **_: Any) -> None:
        endings.reopen_goal(goal, revision=goal.revision, percent=min(percent, 99), access=self.access)

    def does(self, what: str, at: int | None, **values: Any) -> bool:
        """Whether it is allowed."""
        if at is not None:
            self.goals[at].refresh_from_db()
        try:
            with transaction.atomic():
                getattr(self, what)(None if at is None else self.goals[at], **values)
        except DomainError:
            return False
        return True


OFTEN = ["rate"] * 12 + ["create"] * 2 + ["achieve", "discontinue", "reopen", "reopen"]
PERCENTS = [0, 10, 20, 33, 50, 67, 99, 100]


@pytest.mark.slow
def test_random_trees_come_to_what_a_plain_calculation_says(therapist: User, patient: User) -> None:
    access = access_for(therapist, patient)

    @settings(max_examples=60)
    @given(st.randoms(use_true_random=True))
    def compare(chance: Random) -> None:
        with transaction.atomic():
            _compare(Real(make_plan(patient, therapist), access), Oracle(), chance)
            transaction.set_rollback(True)

    compare()


def _compare(real: Real, oracle: Oracle, chance: Random) -> None:
    for what in ["create"] * 7 + chance.choices(OFTEN, k=25):
        values = {"percent": chance.choice(PERCENTS), "priority": chance.choice(list(WEIGHT))}
        at = chance.randrange(len(oracle.nodes) + 1) if what == "create" else chance.randrange(len(oracle.nodes))
        node = oracle.nodes[at] if at < len(oracle.nodes) else None
        allowed = getattr(oracle, what)(node, **values)
        assert real.does(what, at if node else None, **values) == allowed
        rows = {goal.pk: goal for goal in Goal.objects.filter(plan=real.plan)}
        held = [(rows[goal.pk].status, rows[goal.pk].progress) for goal in real.goals]
        assert held == [(node.status, node.progress) for node in oracle.nodes]
