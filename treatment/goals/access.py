"""Access checks for goals, their interventions, and entries of the library named in a URL."""

from typing import Any
from uuid import UUID

from accounts.care.access import RecordAccess, access_to, writable
from audit.audit_actions import Action
from audit.log import deny
from therapybridge.core.actor import Actor
from therapybridge.core.errors import Forbidden, NotFound
from therapybridge.core.queries import only_one
from treatment.goals.models import Goal, GoalIntervention, Intervention

PARTS = ("plan", "patient__clinic", "patient__profile", "parent", "replaced_by", "changed_by")


def open_goal(by: Actor, pk: UUID, action: Action) -> tuple[Goal, RecordAccess]:
    """Open a goal with its plan and patient; NotFound, audited as denied, without access."""
    rows = Goal.objects.visible_to(by.user).with_write_access(by.user).select_related(*PARTS)
    goal: Any = only_one(rows, pk=pk)
    if goal is None:
        deny(action, "not_found", by=by, target=Goal(pk=pk))
        raise NotFound("This goal does not exist.")
    goal.plan.patient = goal.patient
    return goal, access_to(by, goal.patient, may_write=goal.is_writable)


def open_goal_to_write(by: Actor, pk: UUID, action: Action) -> tuple[Goal, RecordAccess]:
    """Open a goal for a therapist who treats the patient; Forbidden, audited, for those who may only read it."""
    goal, access = open_goal(by, pk, action)
    return goal, writable(access, action)


def open_use_to_write(by: Actor, pk: UUID, action: Action) -> tuple[GoalIntervention, RecordAccess]:
    """Open an intervention of a goal to change it; NotFound or Forbidden, audited, else."""
    rows = GoalIntervention.objects.visible_to(by.user).with_write_access(by.user)
    parts = ("goal__plan", "intervention", "patient__clinic", "patient__profile", "changed_by")
    use: Any = only_one(rows.select_related(*parts), pk=pk)
    if use is None:
        deny(action, "not_found", by=by, target=GoalIntervention(pk=pk))
        raise NotFound("This intervention does not exist.")
    use.goal.patient = use.goal.plan.patient = use.patient
    return use, writable(access_to(by, use.patient, may_write=use.is_writable), action)


def open_intervention(by: Actor, pk: UUID, action: Action) -> Intervention:
    """Open an entry of the library; NotFound, audited as denied, for another clinic's."""
    rows = Intervention.objects.visible_to(by.user).select_related("changed_by")
    intervention: Intervention | None = only_one(rows, pk=pk)
    if intervention is None:
        deny(action, "not_found", by=by, target=Intervention(pk=pk))
        raise NotFound("This intervention does not exist.")
    return intervention


def open_own_intervention(by: Actor, pk: UUID, action: Action) -> Intervention:
    """Open an entry of the reader's clinic; Forbidden, audited, for one of the product, which nobody changes."""
    intervention = open_intervention(by, pk, action)
    if intervention.is_system:
        deny(action, "system", by=by, target=intervention)
        raise Forbidden("The entries of the product cannot be changed. Add your own.", code="system_intervention")
    return intervention
