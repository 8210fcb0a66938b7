"""Pages of goals and of the library of interventions."""

from django.urls import include, path

from treatment.goals.views import goals, interventions

goal_pages = [
    path("plans/<uuid:plan_id>/goals/new", goals.new_goal, name="new"),
    path("goals/<uuid:pk>", goals.goal_detail, name="detail"),
    path("goals/<uuid:pk>/edit", goals.edit_goal, name="edit"),
    path("goals/<uuid:pk>/move", goals.move_goal, name="move"),
    path("goals/<uuid:pk>/place", goals.place_goal, name="place"),
    path("goals/<uuid:pk>/rate", goals.rate_goal, name="rate"),
    path("goals/<uuid:pk>/start", goals.start_goal, name="start"),
    path("goals/<uuid:pk>/achieve", goals.achieve_goal, name="achieve"),
    path("goals/<uuid:pk>/replace", goals.replace_goal, name="replace"),
    path("goals/<uuid:pk>/discontinue", goals.discontinue_goal, name="discontinue"),
    path("goals/<uuid:pk>/reopen", goals.reopen_goal, name="reopen"),
    path("goals/<uuid:pk>/interventions", goals.add_use, name="add_use"),
    path("goal-interventions/<uuid:pk>/change", interventions.change_use, name="change_use"),
    path("goal-interventions/<uuid:pk>/remove", interventions.remove_use, name="remove_use"),
]
library_pages = [
    path("", interventions.library_list, name="list"),
    path("/new", interventions.new_intervention, name="new"),
    path("/<uuid:pk>", interventions.intervention_detail, name="detail"),
    path("/<uuid:pk>/retire", interventions.retire_intervention, name="retire"),
]
urlpatterns = [
    path("", include((goal_pages, "goals"))),
    path("interventions", include((library_pages, "interventions"))),
]
