"""API routes of goals and interventions; no trailing slashes."""

from django.urls import path

from treatment.goals.api import goals, interventions

urlpatterns = [
    path("plans/<id:plan_id>/goals", goals.PlanGoals.as_view(), name="api-plan-goals"),
    path("goals/<id:goal_id>", goals.OneGoal.as_view(), name="api-goal"),
    path("goals/<id:goal_id>/move", goals.MoveGoal.as_view(), name="api-goal-move"),
    path("goals/<id:goal_id>/rate", goals.RateGoal.as_view(), name="api-goal-rate"),
    path("goals/<id:goal_id>/start", goals.StartGoal.as_view(), name="api-goal-start"),
    path("goals/<id:goal_id>/achieve", goals.AchieveGoal.as_view(), name="api-goal-achieve"),
    path("goals/<id:goal_id>/modify", goals.ModifyGoal.as_view(), name="api-goal-modify"),
    path("goals/<id:goal_id>/discontinue", goals.DiscontinueGoal.as_view(), name="api-goal-discontinue"),
    path("goals/<id:goal_id>/reopen", goals.ReopenGoal.as_view(), name="api-goal-reopen"),
    path("goals/<id:goal_id>/interventions", interventions.GoalInterventions.as_view(), name="api-goal-interventions"),
    path("goal-interventions/<id:use_id>", interventions.OneGoalIntervention.as_view(), name="api-goal-intervention"),
    path("interventions", interventions.Interventions.as_view(), name="api-interventions"),
    path("interventions/<id:intervention_id>", interventions.OneIntervention.as_view(), name="api-intervention"),
    path(
        "interventions/<id:intervention_id>/retire",
        interventions.RetireIntervention.as_view(),
        name="api-intervention-retire",
    ),
]
