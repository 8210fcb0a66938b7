"""How far a goal has come: estimated by a therapist, or measured."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from accounts.care.access import RecordAccess
from audit.log import record
from therapybridge.core.errors import Conflict, InvalidInput
from therapybridge.core.text import written
from treatment.goals.audit_actions import GOAL_RATED
from treatment.goals.models import Goal, GoalRating
from treatment.goals.services.changes import as_text
from treatment.goals.services.tree import Tree, changing, locked_tree, require_open
from treatment.statistics.progress import percent_of, raised

MAX_NOTE = 1_000  # characters


def rate_goal(
    goal: Goal,
    *,
    access: RecordAccess,
    percent: int | None = None,
    value: Decimal | None = None,
    note: str = "",
    rated_date: date | None = None,
) -> GoalRating:
    """Add a rating in per cent, or a measured value; it raises the progress of the goal and of those above, if it is
    higher. Ratings build on no revision: several at once all count.

    Conflict for a goal that others stand below: their progress makes its own. InvalidInput for anything but exactly
    one of `percent` and `value`, for a value without a measurement, a day to come or before the plan, a note too long.
    """
    text = written("note", note, MAX_NOTE, least=0)
    with changing(goal, access) as tree:
        _require_ratable(goal, tree)
        day = _day(tree, rated_date)
        reached = _reached(goal, day, percent, value)
        measured = None if value is None else as_text(value)
        given = {"rated_date": day, "rated_by": access.user, "note": text}
        rating = GoalRating.objects.create(goal=goal, percent=reached, value=measured, **given)
        tree.advance(goal, raised(goal.progress, reached))
        tree.climb(tree.above(goal))
        above = [pk for pk in dict.fromkeys(tree.touched) if pk != goal.pk]
        record(GOAL_RATED, goal, by=access, changed=["progress"], ids=above)
    return rating


def measure_goal(goal: Goal, value: Decimal, day: date, *, access: RecordAccess) -> None:
    """Let a tracked value be the current one and raise the progress; nothing, where the goal is closed, has no
    measurement, or is made by the goals below it.

    The value may be the patient's own, who may not rate goals: the caller has checked that it may be entered.
    """
    with locked_tree(goal.plan, access) as tree:
        held = tree.goals[goal.pk]
        if not held.is_open or not held.measurement or tree.counted(held) or not tree.plan.is_open:
            return
        reached = _measured(held, day, value)
        tree.advance(held, raised(held.progress, reached))
        tree.climb(held)
        above = [pk for pk in dict.fromkeys(tree.touched) if pk != held.pk]
        record(GOAL_RATED, held, by=access, changed=["progress"], ids=above)


def _require_ratable(goal: Goal, tree: Tree) -> None:
    require_open(goal)
    if tree.counted(goal):
        raise Conflict("Its progress comes from the goals below it. Rate these.", code="goal_has_parts")


def _day(tree: Tree, day: date | None) -> date:
    today = tree.today
    if day is not None and not min(tree.plan.start_date, today) <= day <= today:
        raise InvalidInput(errors={"rated_date": ["Choose a day since the plan began, today at the latest."]})
    return day or today


def _reached(goal: Goal, day: date, percent: int | None, value: Decimal | None) -> int:
    if percent is None and value is not None:
        return _measured(goal, day, value)
    if percent is None or value is not None:
        raise InvalidInput(errors={"percent": ["Give either a percentage or a measured value."]})
    return percent


def _measured(goal: Goal, day: date, value: Decimal) -> int:
    """The per cent of a value, which becomes the current one unless a later day's is known."""
    if not goal.measurement:
        raise InvalidInput(errors={"value": ["This goal has no measurement: give a percentage."]})
    held = dict(goal.measurement)
    if not goal.ratings.filter(value__isnull=False, rated_date__gt=day).exists():
        goal.measurement = held | {"current": as_text(value)}
        goal.save(update_fields=["measurement"])
    return percent_of(Decimal(held["baseline"]), value, Decimal(held["target"]))
