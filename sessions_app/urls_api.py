"""API routes of sessions; no trailing slashes."""

from rest_framework.routers import SimpleRouter

from sessions_app.api import SessionViewSet

router = SimpleRouter(trailing_slash=False, use_regex_path=False)
router.register("sessions", SessionViewSet, basename="api-session")
urlpatterns = router.urls
