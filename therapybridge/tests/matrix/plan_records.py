"""Treatment plans of the scenery: a draft, an active one and one that was given up."""

from typing import Any

from django.utils import timezone

from accounts.models import Clinic, ConsentEntry, User
from accounts.tests.factories import ConsentFactory
from therapybridge.tests.matrix.canaries import word
from treatment.models import PlanConsent, PlanMilestone, PlanReview, PlanVersion, TreatmentPlan


def plans(scenery: Any, owner: str, patient: User, therapist: User) -> dict[str, Any]:
    """What their patient reads: titles and milestones of what was started, and nothing else."""
    today = timezone.localdate()
    Clinic.objects.filter(pk=patient.clinic_id).update(several_active_plans=True)
    started = {"version": 1, "runs_alone": False, "start_date": today}
    active = _plan(owner, patient, therapist, "own", status="active", next_review_date=today, **started)
    why = word(owner, "care", "whyended")
    ended = _plan(owner, patient, therapist, "own", status="discontinued", ended_date=today, reason=why, **started)
    draft = _plan(owner, patient, therapist, "care", start_date=today)
    entry = ConsentFactory(patient=patient, consent_type=ConsentEntry.Type.TREATMENT_PLAN, recorded_by=therapist)
    return {
        "plan": active,
        "ended_plan": ended,
        "draft_plan": draft,
        "plan_milestone": _milestone(active, owner, "own"),
        "second_milestone": _milestone(active, owner, "own", position=2),
        "draft_milestone": _milestone(draft, owner, "care"),
        "plan_version": PlanVersion.objects.create(
            plan=active,
            number=1,
            cause="started",
            content={"title": word(owner, "care", "earlier"), "goals": [], "milestones": []},
        ),
        "plan_review": PlanReview.objects.create(
            plan=active,
            due_date=today,
            reviewed_date=today.replace(year=today.year - 1, day=1),
            outcome="continued",
            notes=word(owner, "care", "reviewed"),
            version=1,
        ),
        "plan_consent": PlanConsent.objects.create(plan=active, version=1, entry=entry),
    }


def _plan(owner: str, patient: User, therapist: User, kind: str, **fields: Any) -> TreatmentPlan:
    plan: TreatmentPlan = TreatmentPlan.objects.create(
        patient=patient,
        clinic=patient.clinic,
        therapist=therapist,
        title=word(owner, kind, "plan"),
        codes=["F41.1"],
        diagnosis=word(owner, "care", "diagnosis"),
        problems=word(owner, "care", "problems"),
        **fields,
    )
    return plan


def _milestone(plan: TreatmentPlan, owner: str, kind: str, position: int = 1) -> PlanMilestone:
    words = {"description": word(owner, kind, "milestone"), "notes": word(owner, "care", "milestonenote")}
    milestone: PlanMilestone = plan.milestones.create(patient=plan.patient, position=position, **words)
    return milestone
