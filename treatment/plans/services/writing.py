"""Drafting a plan and changing what it says."""

from datetime import date
from typing import Any

from accounts.care.access import RecordAccess
from accounts.models import User
from audit.log import record
from treatment.models import PlanVersion, TreatmentPlan
from treatment.plans.audit_actions import PLAN_CHANGED, PLAN_CREATED
from treatment.plans.services.content import FIELDS, checked, keep_version
from treatment.plans.services.due import next_review
from treatment.plans.services.locks import PlanEnded, counted, held


def create_plan(access: RecordAccess, *, title: str, start_date: date | None = None, **given: Any) -> TreatmentPlan:
    """Draft a plan, which nobody but therapists reads until it is started; it starts today, unless told otherwise."""
    patient = access.patient
    access.require_write(patient.pk)
    start = start_date or patient.clinic_day
    fields = checked({"title": title, "start_date": start, **given}, start, None)
    with patient.locked():
        plan: TreatmentPlan = TreatmentPlan.objects.create(
            patient=patient, therapist=access.user, changed_by=access.user, **_whole(fields, patient)
        )
        record(PLAN_CREATED, plan, by=access)
    return plan


def _whole(fields: dict[str, Any], patient: User) -> dict[str, Any]:
    return {"diagnosis": "", "problems": "", "clinic": patient.clinic} | fields


def change_plan(plan: TreatmentPlan, *, revision: int, access: RecordAccess, **given: Any) -> TreatmentPlan:
    """Change what it says on top of `revision`; EditConflict if somebody else changed it since, PlanEnded if it ended.

    If it was started before, a version is kept, to which the patient has not agreed yet. A change of nothing is none.
    """
    access.require_write(plan.patient_id)
    with held(plan, access, revision):
        if not plan.is_open:
            raise PlanEnded(plan)
        fields = checked(given, plan.start_date, plan.target_end_date)
        changed = [name for name in FIELDS if name in fields and fields[name] != getattr(plan, name)]
        if not changed:
            return plan
        _write(plan, {name: fields[name] for name in changed}, access)
        if plan.was_started:
            keep_version(plan, PlanVersion.Cause.CHANGED, access.user)
        record(PLAN_CHANGED, plan, by=access, changed=changed)
    return plan


def _write(plan: TreatmentPlan, fields: dict[str, Any], access: RecordAccess) -> None:
    columns = {**fields, **counted(plan, access), "version": plan.version + plan.was_started}
    for name, value in columns.items():
        setattr(plan, name, value)
    if plan.status == TreatmentPlan.Status.ACTIVE:
        plan.next_review_date = columns["next_review_date"] = next_review(plan)
    plan.save(update_fields=[*columns])
