"""Setting goals, changing what they say, and moving them within the plan."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts.care.access import RecordAccess
from audit.log import record
from therapybridge.core.errors import InvalidInput
from treatment.goals.audit_actions import GOAL_CHANGED, GOAL_CREATED, GOAL_MOVED
from treatment.goals.choices import GoalTerm, Priority
from treatment.goals.models import MAX_LEVEL, Goal
from treatment.goals.services.tree import Tree, changing, changing_plan, require_open
from treatment.plans.models import TreatmentPlan
from treatment.signals import goal_set

MAX_WORDING, MAX_SMART, MAX_UNIT, MAX_GOALS = 500, 1_000, 40, 100  # characters; goals of a plan
SMART = ("specific", "measurable", "achievable", "relevant", "timed")
RANKS = {GoalTerm.LONG_TERM: 1, GoalTerm.SHORT_TERM: 2, GoalTerm.OBJECTIVE: 3}
NUMBERS = ("baseline", "current", "target")


def create_goal(plan: TreatmentPlan, *, access: RecordAccess, parent: UUID | None = None, **content: Any) -> Goal:
    """Set a goal as the last below `parent`; InvalidInput if it cannot stand there."""
    with changing_plan(plan, access) as tree:
        above = _parent(tree, parent)
        goal = added(tree, above, len(tree.below(above)) + 1, **content)
        record(GOAL_CREATED, goal, by=access)
    return goal


def added(tree: Tree, above: Goal | None, position: int, **content: Any) -> Goal:
    """A new goal in the tree, for services that hold it; the signal follows on commit."""
    if len(tree.goals) >= MAX_GOALS:
        raise InvalidInput(f"A plan holds up to {MAX_GOALS} goals.", code="too_many")
    given = checked(content)
    _require_below(above, given["term"])
    goal = Goal(
        plan=tree.plan,
        patient=tree.access.patient,
        parent=above,
        level=above.level + 1 if above else 1,
        position=position,
        changed_by=tree.access.user,
        **given,
    )
    goal.save(force_insert=True)
    tree.goals[goal.pk] = goal
    transaction.on_commit(lambda: goal_set.send_robust(Goal, goal=goal), robust=True)
    return goal


def change_goal(goal: Goal, *, revision: int, access: RecordAccess, **changes: Any) -> Goal:
    """Change what an open goal says, on top of `revision`; EditConflict if somebody else did since.

    A change of nothing is no change. Its progress stays: only ratings and measured values change that.
    """
    with changing(goal, access, revision) as tree:
        require_open(goal)
        given = checked(changes, goal)
        changed = sorted(name for name, value in given.items() if value != getattr(goal, name))
        if not changed:
            return goal
        if "term" in changed:
            require_between(tree, goal, given["term"])
        for name in changed:
            setattr(goal, name, given[name])
        goal.revision += 1
        goal.changed_by = access.user
        goal.save(update_fields=[*changed, "revision", "changed_by"])
        if "priority" in changed:
            tree.climb(tree.above(goal))
        record(GOAL_CHANGED, goal, by=access, changed=changed)
    return goal


def move_goal(goal: Goal, *, revision: int, access: RecordAccess, parent: UUID | None, position: int) -> Goal:
    """Put a goal, with all below it, at a position (from 1) below another goal or at the top.

    InvalidInput if it cannot stand there: below itself, below its own level, or below a closed goal.
    """
    with changing(goal, access, revision) as tree:
        _move(tree, goal, parent, position)
    return goal


def place_goal(goal: Goal, *, revision: int, access: RecordAccess, parent: UUID | None) -> Goal:
    """Put a goal last below another one, or at the top."""
    return move_goal(goal, revision=revision, access=access, parent=parent, position=MAX_GOALS)


def step_goal(goal: Goal, *, revision: int, access: RecordAccess, down: bool) -> Goal:
    """Move a goal past its neighbour, as they stand once the plan is locked."""
    with changing(goal, access, revision) as tree:
        at = 1 + [one.pk for one in tree.below(tree.above(goal))].index(goal.pk)
        _move(tree, goal, goal.parent_id, at + (1 if down else -1))
    return goal


def _move(tree: Tree, goal: Goal, parent: UUID | None, position: int) -> None:
    require_open(goal)
    left = above = tree.above(goal)
    if parent != goal.parent_id:
        above = _parent(tree, parent)
        if above is not None and above.pk in {goal.pk, *(one.pk for one in tree.all_below(goal))}:
            raise InvalidInput(errors={"parent": ["A goal cannot stand below itself."]})
        _require_below(above, goal.term)
    _place(tree, goal, above, position)
    tree.write(goal, revision=goal.revision + 1, changed_by=tree.access.user)
    for one in (left, above):
        tree.climb(one)
    record(GOAL_MOVED, goal, by=tree.access, changed=["parent", "position"])


def _place(tree: Tree, goal: Goal, above: Goal | None, position: int) -> None:
    others = [one for one in tree.below(above) if one.pk != goal.pk]
    others.insert(min(max(position, 1), len(others) + 1) - 1, goal)
    level = above.level + 1 if above else 1
    below = [(one, one.level - goal.level + level) for one in tree.all_below(goal)]
    tree.write(goal, parent_id=above.pk if above else None, level=level)
    for one, deeper in below:
        if one.level != deeper:
            tree.write(one, level=deeper)
    for at, one in enumerate(others, 1):
        if one.position != at:
            tree.write(one, position=at)


def _parent(tree: Tree, pk: UUID | None) -> Goal | None:
    """The goal of this plan below which another is to stand; one of another plan does not exist."""
    if pk is None:
        return None
    if pk not in tree.goals:
        raise InvalidInput(errors={"parent": ["Choose a goal of the same plan."]})
    require_open(tree.goals[pk])
    return tree.goals[pk]


def _require_below(above: Goal | None, term: str) -> None:
    if above is None:
        return
    if above.level >= MAX_LEVEL or RANKS[GoalTerm(above.term)] >= RANKS[GoalTerm(term)]:
        raise InvalidInput(
            errors={
                "term": ["Short-term goals stand below long-term ones, objectives below either; at most three levels."]
            }
        )


def require_between(tree: Tree, goal: Goal, term: str) -> None:
    """The term is below that of the goal above, and above those of the goals below."""
    _require_below(tree.above(goal), term)
    if any(RANKS[GoalTerm(one.term)] <= RANKS[GoalTerm(term)] for one in tree.below(goal)):
        raise InvalidInput(errors={"term": ["The goals below it are of the same or a longer term."]})


def checked(given: Mapping[str, Any], goal: Goal | None = None) -> dict[str, Any]:
    """What a goal says, cleaned; InvalidInput names each field that is wrong."""
    known: dict[str, Any] = {
        "wording": _text,
        "plain_wording": _text,
        "smart": _smart,
        "measurement": lambda value: _measurement(value, goal),
        "term": lambda value: GoalTerm(value).value,
        "priority": lambda value: Priority(value).value,
        "target_date": _date,
    }
    cleaned = {name: known[name](value) for name, value in given.items()}
    if not cleaned.get("wording", "." if goal else ""):
        raise InvalidInput(errors={"wording": ["Say what is to be reached."]})
    return cleaned


def _text(value: str) -> str:
    text = value.replace("\r\n", "\n").strip()
    if len(text) > MAX_WORDING:
        raise InvalidInput(errors={"wording": [f"Use up to {MAX_WORDING} characters."]})
    return text


def _date(value: date | None) -> date | None:
    return value


def _smart(value: Mapping[str, str]) -> dict[str, str]:
    """Only what was filled in."""
    return {name: value[name].strip()[:MAX_SMART] for name in SMART if value.get(name, "").strip()}


def _measurement(value: Mapping[str, Any] | None, goal: Goal | None) -> dict[str, str] | None:
    """Unit, baseline and target, and where it is now: the baseline, until a value is measured."""
    if value is None or not any(value.get(name) not in {None, ""} for name in ("unit", "baseline", "target")):
        return None
    if any(value.get(name) is None for name in ("baseline", "target")):
        raise InvalidInput(errors={"measurement": ["Give both the baseline and the target."]})
    numbers = {name: as_text(value[name]) for name in ("baseline", "target")}
    if Decimal(numbers["baseline"]) == Decimal(numbers["target"]):
        raise InvalidInput(errors={"measurement": ["The target has to differ from the baseline."]})
    before = (goal.measurement or {}) if goal else {}
    same = before.get("unit") == (value.get("unit") or "").strip() and before.get("baseline") == numbers["baseline"]
    current = before["current"] if same else numbers["baseline"]
    return {"unit": (value.get("unit") or "").strip()[:MAX_UNIT], "current": current, **numbers}


def as_text(number: Decimal) -> str:
    """A decimal without what follows its last digit that counts: 12, 7.5."""
    return f"{number.normalize():f}"
