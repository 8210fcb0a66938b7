"""Starting, holding and ending a plan."""

from functools import partial
from typing import Any

from django.db import transaction

from accounts.care.access import RecordAccess
from audit.audit_actions import Action
from therapybridge.core.errors import Conflict
from treatment.models import PlanVersion, TreatmentPlan
from treatment.plans.audit_actions import PLAN_ACTIVATED, PLAN_COMPLETED, PLAN_DISCONTINUED, PLAN_HELD
from treatment.plans.services.content import checked_reason, keep_version
from treatment.plans.services.due import next_review
from treatment.plans.services.locks import held
from treatment.signals import plan_ended, plan_started

Status = TreatmentPlan.Status
REASON = TreatmentPlan._meta.get_field("reason")


class AnotherPlanActive(Conflict):
    """The patient has an active plan, and their clinic allows one; `plan` is its id."""

    code = "another_plan_active"

    def __init__(self, active: TreatmentPlan) -> None:
        self.extensions = {"plan": str(active.pk)}
        super().__init__("This patient has another active plan. Complete it or put it on hold first.")


def activate_plan(plan: TreatmentPlan, *, revision: int, access: RecordAccess) -> TreatmentPlan:
    """Start a draft, which keeps its first version, or go on with a plan on hold; AnotherPlanActive if there is one."""
    with held(plan, access, revision):
        is_first = not plan.was_started
        allows_several = plan.clinic.several_active_plans
        if not allows_several and Status.ACTIVE in plan.NEXT[plan.status]:
            _refuse_second(plan)
        columns: dict[str, Any] = {"runs_alone": not allows_several, "reason": None}
        columns |= {"next_review_date": next_review(plan), "version": max(plan.version, 1)}
        _move(plan, Status.ACTIVE, PLAN_ACTIVATED, access, **columns)
        if is_first:
            keep_version(plan, PlanVersion.Cause.STARTED, access.user)
            _tell(plan_started, plan)
    return plan


def _refuse_second(plan: TreatmentPlan) -> None:
    active = TreatmentPlan.objects.active().filter(patient=plan.patient_id).exclude(pk=plan.pk).first()
    if active is not None:
        raise AnotherPlanActive(active)


def hold_plan(plan: TreatmentPlan, *, reason: str, revision: int, access: RecordAccess) -> TreatmentPlan:
    """Put an active plan on hold. It is not due for review meanwhile."""
    written = checked_reason(reason)
    with held(plan, access, revision):
        _move(plan, Status.ON_HOLD, PLAN_HELD, access, reason=REASON.seal(written, plan.pk), next_review_date=None)
    return plan


def complete_plan(plan: TreatmentPlan, *, revision: int, access: RecordAccess) -> TreatmentPlan:
    """End a plan that did what it was for."""
    with held(plan, access, revision):
        end_held_plan(plan, Status.COMPLETED, PLAN_COMPLETED, access, reason=None)
    return plan


def discontinue_plan(plan: TreatmentPlan, *, reason: str, revision: int, access: RecordAccess) -> TreatmentPlan:
    """End a plan early, with a reason; it stays in the history. Also for a draft, which its patient never reads."""
    written = checked_reason(reason)
    with held(plan, access, revision):
        sealed = REASON.seal(written, plan.pk)
        end_held_plan(plan, Status.DISCONTINUED, PLAN_DISCONTINUED, access, reason=sealed)
    return plan


def end_held_plan(plan: TreatmentPlan, new: str, action: Action | None, access: RecordAccess, **columns: Any) -> None:
    """End it while it is `held`; without an action, the caller's audit row says so."""
    ended = max(plan.clinic.today, plan.start_date)
    _move(plan, new, action, access, ended_date=ended, next_review_date=None, **columns)
    if plan.was_started:
        _tell(plan_ended, plan)


def _move(plan: TreatmentPlan, new: str, action: Action | None, access: RecordAccess, **columns: Any) -> None:
    plan.move_to(new, action=action, by=access, changed=["status"], changed_by=access.user, **columns)
    plan.refresh_from_db(fields=["reason", "updated_at"])


def _tell(signal: Any, plan: TreatmentPlan) -> None:
    transaction.on_commit(partial(signal.send_robust, TreatmentPlan, plan=plan), robust=True)
