"""Holding a plan while it is changed, and telling whose change came first."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from accounts.care.access import RecordAccess
from therapybridge.core.errors import Conflict, EditConflict, NotFound
from treatment.models import PlanMilestone, TreatmentPlan


class PlanEnded(Conflict):
    """A plan that was completed or discontinued stays as it is."""

    code = "plan_ended"

    def __init__(self, plan: TreatmentPlan) -> None:
        super().__init__(f"This plan is {plan.get_status_display().lower()}, so it cannot be changed any more.")


@contextmanager
def held(plan: TreatmentPlan, access: RecordAccess, revision: int | None = None) -> Iterator[None]:
    """A transaction in which nobody else changes the plan, another plan of its patient or their consent.

    Forbidden without write access; EditConflict if the plan was changed since `revision`.
    """
    access.require_write(plan.patient_id)
    with access.patient.locked(), plan.locked():
        _reread(plan, access)
        if revision not in {None, plan.revision}:
            raise EditConflict(plan, "plan")
        yield


@contextmanager
def parts_held(plan: TreatmentPlan, access: RecordAccess) -> Iterator[None]:
    """A transaction in which nobody else changes the plan or its milestones; PlanEnded if nobody may any more."""
    access.require_write(plan.patient_id)
    with plan.locked():
        _reread(plan, access)
        if not plan.is_open:
            raise PlanEnded(plan)
        yield


def _reread(plan: TreatmentPlan, access: RecordAccess) -> None:
    plan.refresh_from_db()
    plan.patient = access.patient
    if access.patient.clinic is not None:
        plan.clinic = access.patient.clinic


def reread_milestone(milestone: PlanMilestone, revision: int) -> None:
    """Under the plan's lock; NotFound if it was removed, EditConflict if it was changed since `revision`."""
    plan, patient = milestone.plan, milestone.patient
    try:
        milestone.refresh_from_db()
    except PlanMilestone.DoesNotExist as error:
        raise NotFound("This milestone does not exist.") from error
    milestone.plan, milestone.patient = plan, patient
    if milestone.revision != revision:
        raise EditConflict(milestone, "milestone")


def counted(row: TreatmentPlan | PlanMilestone, access: RecordAccess) -> dict[str, Any]:
    """The columns that say who made the latest change."""
    return {"revision": row.revision + 1, "changed_by": access.user}
