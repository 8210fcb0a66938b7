"""All models of this app, from its subjects."""

from treatment.goals.models import Goal, GoalIntervention, GoalRating, Intervention
from treatment.measures.models import MeasureAssignment, MeasureResult, MeasureSchedule
from treatment.patient_forms.models import FormLink
from treatment.plans.models import (
    PlanConsent,
    PlanConsentRequest,
    PlanMilestone,
    PlanReview,
    PlanVersion,
    TreatmentPlan,
)
from treatment.thread.models import GoalLink, NoteWithoutGoal
from treatment.tracking.models import Award, CheckIn, ReminderPreference, SentReminder, Tracker, TrackingEntry

__all__ = [
    "Award",
    "CheckIn",
    "FormLink",
    "Goal",
    "GoalIntervention",
    "GoalLink",
    "GoalRating",
    "Intervention",
    "MeasureAssignment",
    "MeasureResult",
    "MeasureSchedule",
    "NoteWithoutGoal",
    "PlanConsent",
    "PlanConsentRequest",
    "PlanMilestone",
    "PlanReview",
    "PlanVersion",
    "ReminderPreference",
    "SentReminder",
    "Tracker",
    "TrackingEntry",
    "TreatmentPlan",
]
