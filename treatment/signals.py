"""Signals about treatment, sent once each, on commit."""

from django.dispatch import Signal

goal_set = Signal()  # goal: Goal, also of a draft plan
goal_achieved = Signal()  # goal: Goal
goal_reopened = Signal()  # goal: Goal, achieved until now
measure_taken = Signal()  # result: MeasureResult
measure_withdrawn = Signal()  # result: MeasureResult, withdrawn now
plan_started = Signal()  # plan: TreatmentPlan, active for the first time
plan_reviewed = Signal()  # plan: TreatmentPlan, review: PlanReview
plan_ended = Signal()  # plan: TreatmentPlan, completed or discontinued after it was started
milestone_achieved = Signal()  # milestone: PlanMilestone
milestone_reopened = Signal()  # milestone: PlanMilestone, achieved until now
