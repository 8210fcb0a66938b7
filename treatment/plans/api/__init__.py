"""API endpoints for treatment plans."""

from treatment.plans.api.codes import DiagnosisCodes
from treatment.plans.api.milestones import MilestoneOrder, Milestones, OneMilestone
from treatment.plans.api.parts import AskPlanConsent, OneVersion, PlanConsents, Reviews, Versions
from treatment.plans.api.plans import PlanViewSet

__all__ = [
    "AskPlanConsent",
    "DiagnosisCodes",
    "MilestoneOrder",
    "Milestones",
    "OneMilestone",
    "OneVersion",
    "PlanConsents",
    "PlanViewSet",
    "Reviews",
    "Versions",
]
