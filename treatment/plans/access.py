"""Access checks for treatment plans and milestones named in a URL."""

from typing import Any
from uuid import UUID

from accounts.care.access import RecordAccess, access_to, writable
from audit.audit_actions import Action
from audit.log import deny
from therapybridge.core.actor import Actor
from therapybridge.core.errors import NotFound
from therapybridge.core.queries import only_one
from treatment.models import PlanMilestone, TreatmentPlan

PARTS = ("patient__clinic", "patient__profile", "therapist", "changed_by")


def open_plan(by: Actor, pk: UUID, action: Action) -> tuple[TreatmentPlan, RecordAccess]:
    """Open a plan, for therapists and, once it was started, for its patient; NotFound, audited, for anyone else."""
    plans = TreatmentPlan.objects
    rows = plans.shared_with(by.user) if by.user.is_patient else plans.visible_to(by.user)
    plan: Any = only_one(rows.with_write_access(by.user).select_related(*PARTS), pk=pk)
    if plan is None:
        deny(action, "not_found", by=by, target=TreatmentPlan(pk=pk))
        raise NotFound("This treatment plan does not exist.")
    plan.clinic = plan.patient.clinic
    return plan, access_to(by, plan.patient, may_write=plan.is_writable)


def open_plan_to_write(by: Actor, pk: UUID, action: Action) -> tuple[TreatmentPlan, RecordAccess]:
    """Open a plan for a therapist who treats the patient; Forbidden, audited, for those who may only read it."""
    plan, access = open_plan(by, pk, action)
    return plan, writable(access, action)


def open_milestone(by: Actor, pk: UUID, action: Action) -> tuple[PlanMilestone, RecordAccess]:
    """Open a milestone with its plan and patient, for therapists; NotFound, audited, without access."""
    rows = PlanMilestone.objects.visible_to(by.user).with_write_access(by.user)
    parts = ("patient__clinic", "patient__profile", "plan__clinic", "changed_by")
    milestone: Any = only_one(rows.select_related(*parts), pk=pk)
    if milestone is None:
        deny(action, "not_found", by=by, target=PlanMilestone(pk=pk))
        raise NotFound("This milestone does not exist.")
    milestone.plan.patient = milestone.patient
    return milestone, access_to(by, milestone.patient, may_write=milestone.is_writable)


def open_milestone_to_write(by: Actor, pk: UUID, action: Action) -> tuple[PlanMilestone, RecordAccess]:
    """Open a milestone for a therapist who treats the patient; Forbidden, audited, for those who may only read it."""
    milestone, access = open_milestone(by, pk, action)
    return milestone, writable(access, action)
