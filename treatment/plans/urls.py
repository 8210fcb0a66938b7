"""Pages of treatment plans."""

from django.urls import include, path

from treatment.plans.views import milestones, plans

plan_pages = [
    path("plans", plans.plan_list, name="all"),
    path("patients/<uuid:patient_id>/plans", plans.patient_plans, name="list"),
    path("patients/<uuid:patient_id>/plans/new", plans.new_plan, name="new"),
    path("plans/<uuid:pk>", plans.plan_detail, name="detail"),
    path("plans/<uuid:pk>/edit", plans.edit_plan, name="edit"),
    path("plans/<uuid:pk>/activate", plans.activate, name="activate"),
    path("plans/<uuid:pk>/hold", plans.hold, name="hold"),
    path("plans/<uuid:pk>/complete", plans.complete, name="complete"),
    path("plans/<uuid:pk>/discontinue", plans.discontinue, name="discontinue"),
    path("plans/<uuid:pk>/review", plans.review, name="review"),
    path("plans/<uuid:pk>/consent", plans.consent, name="consent"),
    path("plans/<uuid:pk>/consent/request", plans.consent_request, name="consent_request"),
    path("plans/<uuid:pk>/versions/<int:number>", plans.plan_version, name="version"),
    path("plans/<uuid:pk>/milestones", milestones.add, name="add_milestone"),
    path("milestones/<uuid:pk>", milestones.edit, name="milestone"),
    path("milestones/<uuid:pk>/step", milestones.step, name="milestone_step"),
    path("milestones/<uuid:pk>/move", milestones.shift, name="milestone_move"),
    path("milestones/<uuid:pk>/remove", milestones.remove, name="milestone_remove"),
]
portal_pages = [path("", plans.own_plans, name="list")]
urlpatterns = [
    path("", include((plan_pages, "plans"))),
    path("portal/plans", include((portal_pages, "portal_plans"))),
]
