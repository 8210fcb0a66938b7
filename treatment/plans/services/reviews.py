"""Reviewing a plan."""

from functools import partial

from django.db import transaction

from accounts.care.access import RecordAccess
from audit.log import record
from therapybridge.core.errors import Conflict, InvalidInput
from treatment.models import PlanReview, PlanVersion, TreatmentPlan
from treatment.plans.audit_actions import PLAN_REVIEWED
from treatment.plans.services.content import MAX_TEXT, keep_version, says_the_same
from treatment.plans.services.due import next_review
from treatment.plans.services.lifecycle import end_held_plan
from treatment.plans.services.locks import counted, held
from treatment.signals import plan_reviewed

Outcome = PlanReview.Outcome


def review_plan(
    plan: TreatmentPlan, *, outcome: str, notes: str = "", revision: int, access: RecordAccess
) -> PlanReview:
    """Record today's review, which sets the next date; with the outcome `ended` the plan is completed. It keeps a
    version if the plan says something else than in the last one: the patient's consent to that one stays otherwise.
    Conflict unless it is active, and for a second review of the same day.
    """
    written = notes.replace("\r\n", "\n").strip()
    _check(outcome, written)
    with held(plan, access, revision):
        review = _add(plan, outcome, written, access)
        changed = ["next_review_date", *(["version"] if plan.version != review.version else [])]
        record(PLAN_REVIEWED, plan, by=access, changed=changed, ids=[review.pk])
        if outcome == Outcome.ENDED:
            end_held_plan(plan, TreatmentPlan.Status.COMPLETED, None, access, reason=None)
        told = {"plan": plan, "review": review}
        transaction.on_commit(partial(plan_reviewed.send_robust, PlanReview, **told), robust=True)
    return review


def _check(outcome: str, notes: str) -> None:
    if outcome not in Outcome.values:
        raise InvalidInput(errors={"outcome": ["Choose what the review decided."]})
    if len(notes) > MAX_TEXT:
        raise InvalidInput(errors={"notes": [f"Use at most {MAX_TEXT:,} characters."]})


def _add(plan: TreatmentPlan, outcome: str, notes: str, access: RecordAccess) -> PlanReview:
    today = plan.clinic.today
    if plan.status != TreatmentPlan.Status.ACTIVE:
        raise Conflict("Only an active plan is reviewed.", code="plan_not_active")
    if plan.reviews.filter(reviewed_date=today).exists():
        raise Conflict("This plan was already reviewed today.", code="already_reviewed")
    review: PlanReview = plan.reviews.create(
        due_date=plan.next_review_date or today,
        reviewed_date=today,
        reviewed_by=access.user,
        outcome=outcome,
        notes=notes,
        version=plan.version,
    )
    is_new = not says_the_same(plan)
    columns = {**counted(plan, access), "version": plan.version + is_new, "next_review_date": next_review(plan)}
    for name, value in columns.items():
        setattr(plan, name, value)
    plan.save(update_fields=[*columns])
    if is_new:
        keep_version(plan, PlanVersion.Cause.REVIEWED, access.user)
    return review
