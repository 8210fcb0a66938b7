"""Interventions that serve a goal: how often, and how well they work for this patient."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accounts.care.access import RecordAccess
from audit.log import record
from therapybridge.core.errors import Conflict, EditConflict, InvalidInput
from treatment.goals.audit_actions import (
    GOAL_INTERVENTION_ADDED,
    GOAL_INTERVENTION_CHANGED,
    GOAL_INTERVENTION_REMOVED,
)
from treatment.goals.models import Goal, GoalIntervention, Intervention
from treatment.goals.services.tree import changing, require_open

MAX_FREQUENCY, MAX_NOTES = 200, 1_000  # characters
MOST = 30  # interventions of a goal
BEST = 5  # effectiveness, from 1


def add_use(
    goal: Goal,
    intervention: Intervention,
    *,
    access: RecordAccess,
    frequency: str = "",
    effectiveness: int | None = None,
    notes: str = "",
) -> GoalIntervention:
    """Link an entry of the library to an open goal; Conflict if it is linked already, or was retired."""
    with changing(goal, access):
        require_open(goal)
        if intervention.retired_at:
            raise Conflict("This intervention was retired.", code="intervention_retired")
        if goal.interventions.filter(intervention=intervention).exists():
            raise Conflict("This goal has that intervention already.", code="already_linked")
        if goal.interventions.count() >= MOST:
            raise Conflict(f"A goal has up to {MOST} interventions.", code="too_many")
        given = _checked({"frequency": frequency, "effectiveness": effectiveness, "notes": notes})
        people = {"added_by": access.user, "changed_by": access.user}
        use: GoalIntervention = GoalIntervention.objects.create(
            goal=goal, patient=access.patient, intervention=intervention, **people, **given
        )
        record(GOAL_INTERVENTION_ADDED, goal, by=access)
    return use


def change_use(use: GoalIntervention, *, revision: int, access: RecordAccess, **changes: Any) -> GoalIntervention:
    """Say how often and how well, on top of `revision`; EditConflict if somebody else did since."""
    with changing(use.goal, access):
        held = _held(use, revision)
        given = _checked(changes)
        changed = sorted(name for name, value in given.items() if value != getattr(held, name))
        if changed:
            for name in changed:
                setattr(held, name, given[name])
            held.revision += 1
            held.changed_by = access.user
            held.save(update_fields=[*changed, "revision", "changed_by"])
            record(GOAL_INTERVENTION_CHANGED, use.goal, by=access, changed=changed)
    return held


def remove_use(use: GoalIntervention, *, revision: int, access: RecordAccess) -> None:
    """Unlink it, with what was said of it."""
    with changing(use.goal, access):
        held = _held(use, revision)
        record(GOAL_INTERVENTION_REMOVED, use.goal, by=access)
        held.delete()


def _held(use: GoalIntervention, revision: int) -> GoalIntervention:
    held: GoalIntervention | None = (
        GoalIntervention.objects.filter(pk=use.pk).select_related("intervention", "changed_by").first()
    )
    if held is None:
        raise Conflict("Someone removed this intervention in the meantime.", code="edit_conflict")
    if held.revision != revision:
        raise EditConflict(held, "intervention")
    return held


def _checked(given: Mapping[str, Any]) -> dict[str, Any]:
    limits = {"frequency": MAX_FREQUENCY, "notes": MAX_NOTES}
    cleaned = {name: value.replace("\r\n", "\n").strip() if name in limits else value for name, value in given.items()}
    for name, most in limits.items():
        if len(cleaned.get(name) or "") > most:
            raise InvalidInput(errors={name: [f"Use up to {most:,} characters."]})
    effectiveness = cleaned.get("effectiveness")
    if effectiveness is not None and not 1 <= effectiveness <= BEST:
        raise InvalidInput(errors={"effectiveness": [f"Choose a number from 1 to {BEST}."]})
    return cleaned
