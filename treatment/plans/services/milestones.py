"""The milestones of a plan, in an order without gaps."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Max

from accounts.care.access import RecordAccess
from audit.log import record
from therapybridge.core.errors import Conflict, InvalidInput
from treatment.models import PlanMilestone, TreatmentPlan
from treatment.plans.audit_actions import MILESTONE_ADDED, MILESTONE_CHANGED, MILESTONE_ORDERED, MILESTONE_REMOVED
from treatment.plans.services.locks import counted, parts_held, reread_milestone
from treatment.signals import milestone_achieved, milestone_reopened

MAX_DESCRIPTION, MAX_NOTES = 500, 4_000  # characters
MOST = 50  # of one plan
Status = PlanMilestone.Status
LENGTHS = {"description": MAX_DESCRIPTION, "notes": MAX_NOTES}


def add_milestone(
    plan: TreatmentPlan, *, access: RecordAccess, description: str, notes: str = "", target_date: date | None = None
) -> PlanMilestone:
    """Add one as the last step; Conflict if there are `MOST`."""
    fields = _checked({"description": description, "notes": notes, "target_date": target_date})
    with parts_held(plan, access):
        last = plan.milestones.aggregate(last=Max("position"))["last"] or 0
        if last >= MOST:
            raise Conflict(f"A plan has at most {MOST} milestones.", code="too_many_milestones")
        milestone: PlanMilestone = plan.milestones.create(
            patient=access.patient, position=last + 1, changed_by=access.user, **fields
        )
        record(MILESTONE_ADDED, milestone, by=access)
    return milestone


def change_milestone(
    milestone: PlanMilestone, *, revision: int, access: RecordAccess, status: str | None = None, **given: Any
) -> PlanMilestone:
    """Change its words, date or status on top of `revision`; EditConflict if somebody else changed it since."""
    fields = _checked(given)
    with parts_held(milestone.plan, access):
        reread_milestone(milestone, revision)
        changed = [name for name, value in fields.items() if value != getattr(milestone, name)]
        if changed:
            _write(milestone, {name: fields[name] for name in changed}, access)
        if status not in {None, milestone.status}:
            _move(milestone, str(status), access)
            changed.append("status")
        if changed:
            record(MILESTONE_CHANGED, milestone, by=access, changed=changed)
    return milestone


def _write(milestone: PlanMilestone, fields: dict[str, Any], access: RecordAccess) -> None:
    columns = fields | counted(milestone, access)
    for name, value in columns.items():
        setattr(milestone, name, value)
    milestone.save(update_fields=[*columns])


def _move(milestone: PlanMilestone, new: str, access: RecordAccess) -> None:
    is_achieved = new == Status.ACHIEVED
    was_achieved = milestone.status == Status.ACHIEVED
    achieved = milestone.plan.clinic.today if is_achieved else None
    milestone.move_to(new, achieved_date=achieved, changed_by=access.user)
    if is_achieved or was_achieved:
        signal = milestone_achieved if is_achieved else milestone_reopened
        transaction.on_commit(partial(signal.send_robust, PlanMilestone, milestone=milestone), robust=True)


def remove_milestone(milestone: PlanMilestone, *, revision: int, access: RecordAccess) -> None:
    """Remove it from a draft; those after it move up. A plan that was started keeps its milestones: drop it instead."""
    with parts_held(milestone.plan, access):
        reread_milestone(milestone, revision)
        if milestone.plan.was_started:
            raise Conflict("This plan was started: drop the milestone instead.", code="plan_started")
        record(MILESTONE_REMOVED, milestone, by=access)
        ids = [one for one in _order(milestone.plan) if one != milestone.pk]
        milestone.delete()
        _place(milestone.plan, ids)


def order_milestones(plan: TreatmentPlan, ids: Sequence[UUID], *, access: RecordAccess) -> None:
    """Put all of them in this order; Conflict if others are there than named, since someone added or removed one."""
    with parts_held(plan, access):
        before = _order(plan)
        if sorted(ids) != sorted(before):
            raise Conflict("The milestones have changed since you opened them.", code="milestones_changed")
        if before != list(ids):
            _place(plan, ids)
            record(MILESTONE_ORDERED, plan, by=access, ids=ids)


def shift_milestone(milestone: PlanMilestone, *, steps: int, access: RecordAccess) -> None:
    """Move it up (-1) or down (1) from where it is now; at the end of the list it stays."""
    with parts_held(milestone.plan, access):
        before = _order(milestone.plan)
        if milestone.pk not in before:
            raise Conflict("This milestone was removed.", code="milestones_changed")
        at = before.index(milestone.pk)
        after = [one for one in before if one != milestone.pk]
        after.insert(max(at + steps, 0), milestone.pk)
        if after != before:
            _place(milestone.plan, after)
        record(MILESTONE_ORDERED, milestone.plan, by=access, ids=after)


def _order(plan: TreatmentPlan) -> list[UUID]:
    return list(plan.milestones.order_by("position").values_list("pk", flat=True))


def _place(plan: TreatmentPlan, ids: Sequence[UUID]) -> None:
    """Number them from 1. First out of the way: no two may have one position at any time."""
    plan.milestones.update(position=-F("position"))
    for position, pk in enumerate(ids, 1):
        plan.milestones.filter(pk=pk).update(position=position)


def _checked(given: dict[str, Any]) -> dict[str, Any]:
    fields = {
        name: value.replace("\r\n", "\n").strip() if isinstance(value, str) else value for name, value in given.items()
    }
    too_long = [name for name, most in LENGTHS.items() if len(fields.get(name, "")) > most]
    errors = {name: [f"Use at most {LENGTHS[name]:,} characters."] for name in too_long}
    if fields.get("description") == "":
        errors["description"] = ["Say what is reached."]
    if errors:
        raise InvalidInput(errors=errors)
    return fields
