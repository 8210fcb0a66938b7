"""Starting, achieving, replacing and discontinuing goals, and opening them again."""

from __future__ import annotations

from typing import Any

from accounts.care.access import RecordAccess
from audit.log import record
from therapybridge.core.errors import Conflict, InvalidInput
from treatment.goals.audit_actions import (
    GOAL_ACHIEVED,
    GOAL_DISCONTINUED,
    GOAL_REOPENED,
    GOAL_REPLACED,
    GOAL_STARTED,
)
from treatment.goals.choices import GoalStatus
from treatment.goals.models import Goal, GoalIntervention
from treatment.goals.services.changes import added, require_between
from treatment.goals.services.tree import REASON, Tree, changing, require_open
from treatment.statistics.progress import ACHIEVED

MAX_REASON = 1_000  # characters


def start_goal(goal: Goal, *, revision: int, access: RecordAccess) -> Goal:
    """Begin to work on it; the first rating does so too."""
    with changing(goal, access, revision) as tree:
        require_open(goal)
        tree.move(goal, GoalStatus.IN_PROGRESS, action=GOAL_STARTED, by=access)
    return goal


def achieve_goal(goal: Goal, *, revision: int, access: RecordAccess) -> Goal:
    """Tick it off, whatever was rated; goals below it stay as they are."""
    with changing(goal, access, revision) as tree:
        require_open(goal)
        tree.achieve(goal, action=GOAL_ACHIEVED, by=access)
        tree.climb(tree.above(goal))
    return goal


def replace_goal(goal: Goal, *, revision: int, access: RecordAccess, reason: str, **content: Any) -> Goal:
    """Close an open goal as modified, and set another in its place, which takes over the goals below and the
    interventions. The new one is returned; its progress is that of the goals below it, else 0.
    """
    with changing(goal, access, revision) as tree:
        require_open(goal)
        sealed = _sealed_reason(goal, reason)
        require_between(tree, goal, content["term"])
        new = added(tree, tree.above(goal), goal.position, **content)
        for child in tree.below(goal):
            tree.write(child, parent_id=new.pk)
        _take_over(goal, new)
        columns = {"reason": sealed, "replaced_by": new, "closed_date": tree.today}
        tree.move(goal, GoalStatus.MODIFIED, action=GOAL_REPLACED, by=access, **columns)
        tree.climb(new)
    return new


def discontinue_goal(goal: Goal, *, revision: int, access: RecordAccess, reason: str) -> Goal:
    """Give it up, with every open goal below it, and say why; progress stays, and no longer counts."""
    with changing(goal, access, revision) as tree:
        require_open(goal)
        dropped = [one for one in (goal, *tree.all_below(goal)) if one.is_open]
        for one in dropped:
            columns = {"reason": _sealed_reason(one, reason), "closed_date": tree.today}
            tree.move(one, GoalStatus.DISCONTINUED, **columns)
        tree.climb(tree.above(goal))
        record(GOAL_DISCONTINUED, goal, by=access, changed=["status"], ids=[one.pk for one in dropped[1:]])
    return goal


def reopen_goal(goal: Goal, *, revision: int, access: RecordAccess, percent: int | None = None) -> Goal:
    """Work again on what was achieved or discontinued: from `percent` (below 100), else from where it was given up, or
    0. A goal that others make up starts at their mean. Achieved goals above are open again too, and all above fall to
    the mean of what they hold.

    Conflict below a goal that was given up or replaced, and for one whose parts are all achieved.
    """
    with changing(goal, access, revision) as tree:
        _require_closed(tree, goal)
        kept = goal.progress % ACHIEVED if percent is None else percent
        start = tree.mean_of(goal) if tree.counted(goal) else kept
        if not 0 <= start < ACHIEVED:
            raise Conflict("All goals below it are achieved. Open one of these again.", code="goal_has_parts")
        columns = {"progress": start, "reason": None, "closed_date": None}
        tree.move(goal, GoalStatus.IN_PROGRESS, action=GOAL_REOPENED, by=access, **columns)
        _fall_above(tree, goal)
    return goal


def _fall_above(tree: Tree, goal: Goal) -> None:
    above = tree.above(goal)
    while above is not None:
        mean = tree.mean_of(above)
        if above.is_open:
            tree.write(above, progress=mean)
        else:
            tree.move(above, GoalStatus.IN_PROGRESS, progress=mean, closed_date=None)
        above = tree.above(above)


def _require_closed(tree: Tree, goal: Goal) -> None:
    """Conflict if it is open already, or below a goal that is not worked on any more."""
    if goal.is_open:
        raise Conflict("This goal is open.", code="invalid_transition")
    above = tree.above(goal)
    while above is not None:
        if not above.counts:
            raise Conflict("The goal above it was given up. Open that one first.", code="goal_closed")
        above = tree.above(above)


def _take_over(goal: Goal, new: Goal) -> None:
    """The new goal is served by what served the old one, which keeps its own rows for the record."""
    for use in goal.interventions.all():
        GoalIntervention.objects.create(
            goal=new,
            patient=new.patient,
            intervention_id=use.intervention_id,
            frequency=use.frequency,
            effectiveness=use.effectiveness,
            notes=use.notes,
            added_by_id=use.added_by_id,
        )


def _sealed_reason(goal: Goal, reason: str) -> Any:
    written = reason.replace("\r\n", "\n").strip()
    if not written or len(written) > MAX_REASON:
        raise InvalidInput(errors={"reason": [f"Say why, in up to {MAX_REASON:,} characters."]})
    return REASON.seal(written, goal.pk)
