"""Plans for tests, by the services that therapists use."""

from itertools import count
from typing import Any

from accounts.models import User
from accounts.tests.factories import access_for
from treatment.models import PlanMilestone, TreatmentPlan
from treatment.plans.services.lifecycle import activate_plan
from treatment.plans.services.milestones import add_milestone
from treatment.plans.services.writing import create_plan

_serial = count(1)


def make_plan(patient: User, therapist: User, **fields: Any) -> TreatmentPlan:
    """A draft."""
    given = {"title": "Sleep and worry", "codes": ["F41.1"], "diagnosis": "Worries most days."} | fields
    return create_plan(access_for(therapist, patient), **given)


def start_plan(plan: TreatmentPlan, therapist: User) -> TreatmentPlan:
    """Make it active."""
    return activate_plan(plan, revision=plan.revision, access=access_for(therapist, plan.patient))


def make_active_plan(patient: User, therapist: User, **fields: Any) -> TreatmentPlan:
    """A plan that was started."""
    return start_plan(make_plan(patient, therapist, **fields), therapist)


def make_milestone(plan: TreatmentPlan, therapist: User, **fields: Any) -> PlanMilestone:
    """The next step of a plan."""
    given = {"description": f"Step {next(_serial)}"} | fields
    return add_milestone(plan, access=access_for(therapist, plan.patient), **given)
