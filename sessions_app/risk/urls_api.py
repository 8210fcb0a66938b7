"""API routes of risk reviews; no trailing slashes."""

from rest_framework.routers import SimpleRouter

from sessions_app.risk.api import RiskReviewViewSet

router = SimpleRouter(trailing_slash=False, use_regex_path=False)
router.register("risk-reviews", RiskReviewViewSet, basename="api-risk-review")
urlpatterns = router.urls
