"""API routes of treatment plans; no trailing slashes."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from treatment.plans import api

router = SimpleRouter(trailing_slash=False, use_regex_path=False)
router.register("plans", api.PlanViewSet, basename="api-plan")
urlpatterns = [
    *router.urls,
    path("plans/<id:plan_id>/reviews", api.Reviews.as_view(), name="api-plan-reviews"),
    path("plans/<id:plan_id>/versions", api.Versions.as_view(), name="api-plan-versions"),
    path("plans/<id:plan_id>/versions/<int:number>", api.OneVersion.as_view(), name="api-plan-version"),
    path("plans/<id:plan_id>/consents", api.PlanConsents.as_view(), name="api-plan-consents"),
    path("plans/<id:plan_id>/consents/request", api.AskPlanConsent.as_view(), name="api-plan-consent-request"),
    path("plans/<id:plan_id>/milestones", api.Milestones.as_view(), name="api-plan-milestones"),
    path("plans/<id:plan_id>/milestones/order", api.MilestoneOrder.as_view(), name="api-plan-milestone-order"),
    path("milestones/<id:milestone_id>", api.OneMilestone.as_view(), name="api-plan-milestone"),
    path("diagnosis-codes", api.DiagnosisCodes.as_view(), name="api-diagnosis-codes"),
]
