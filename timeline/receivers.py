"""Receivers that keep derived events up to date; `timeline.tasks.reconcile` repairs missed signals."""

from typing import Any
from uuid import UUID

from django.dispatch import receiver

from sessions_app.models import SessionNote, TherapySession
from sessions_app.signals import (
    note_amended,
    note_completed,
    note_release_changed,
    note_signed,
    session_processed,
    sessions_renumbered,
)
from timeline.models import GOAL, MEASURE, MILESTONE, PLAN, REVIEW
from timeline.services.note_events import refresh_note_events
from timeline.services.session_events import reconcile_sessions, refresh_session_event
from timeline.services.treatment_events import refresh_treatment_events
from treatment.models import Goal, MeasureResult, PlanMilestone, PlanReview, TreatmentPlan
from treatment.signals import (
    goal_achieved,
    goal_reopened,
    goal_set,
    measure_taken,
    measure_withdrawn,
    milestone_achieved,
    milestone_reopened,
    plan_ended,
    plan_reviewed,
    plan_started,
)


@receiver(session_processed, dispatch_uid="timeline.session_processed")
def add_session_event(sender: object, session: TherapySession, **kwargs: Any) -> None:
    """Put "Session #n" on the timeline."""
    refresh_session_event(session.pk, session.patient_id)


@receiver(sessions_renumbered, dispatch_uid="timeline.sessions_renumbered")
def retitle_session_events(sender: object, patient_id: UUID, **kwargs: Any) -> None:
    """Update titles after sessions were renumbered; withdraw events of sessions without a number."""
    reconcile_sessions(patient_id)


@receiver([note_completed, note_signed, note_amended, note_release_changed], dispatch_uid="timeline.note_changed")
def add_note_events(sender: object, note: SessionNote, **kwargs: Any) -> None:
    """Put what happened to the note on the timeline, for its patient too unless it is withheld."""
    refresh_note_events(note.pk)


@receiver(plan_started, dispatch_uid="timeline.plan_started")
def add_plan_events(sender: object, plan: TreatmentPlan, **kwargs: Any) -> None:
    """Put the plan on the timeline, with what was written while it was a draft."""
    refresh_treatment_events(PLAN, plan.patient_id, [plan.pk])
    refresh_treatment_events(GOAL, plan.patient_id, plan.goals.values_list("pk", flat=True))
    refresh_treatment_events(MILESTONE, plan.patient_id, plan.milestones.values_list("pk", flat=True))


@receiver(plan_reviewed, dispatch_uid="timeline.plan_reviewed")
def add_review_event(sender: object, plan: TreatmentPlan, review: PlanReview, **kwargs: Any) -> None:
    """Put the review on the timeline."""
    refresh_treatment_events(REVIEW, plan.patient_id, [review.pk])


@receiver(plan_ended, dispatch_uid="timeline.plan_ended")
def add_end_of_plan(sender: object, plan: TreatmentPlan, **kwargs: Any) -> None:
    """Put the end of the plan on the timeline."""
    refresh_treatment_events(PLAN, plan.patient_id, [plan.pk])


@receiver([goal_set, goal_achieved, goal_reopened], dispatch_uid="timeline.goal_changed")
def add_goal_events(sender: object, goal: Goal, **kwargs: Any) -> None:
    """Put the goal on the timeline, and that it is achieved for as long as it is."""
    refresh_treatment_events(GOAL, goal.patient_id, [goal.pk])


@receiver([milestone_achieved, milestone_reopened], dispatch_uid="timeline.milestone_changed")
def add_milestone_event(sender: object, milestone: PlanMilestone, **kwargs: Any) -> None:
    """Put the milestone on the timeline for as long as it is achieved."""
    refresh_treatment_events(MILESTONE, milestone.patient_id, [milestone.pk])


@receiver([measure_taken, measure_withdrawn], dispatch_uid="timeline.measure_changed")
def add_measure_event(sender: object, result: MeasureResult, **kwargs: Any) -> None:
    """Put the questionnaire on the timeline for as long as its result stands."""
    refresh_treatment_events(MEASURE, result.patient_id, [result.pk])
