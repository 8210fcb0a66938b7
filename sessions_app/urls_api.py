"""API routes of sessions; no trailing slashes."""

from rest_framework.routers import SimpleRouter

from sessions_app.api import SessionViewSet

router = SimpleRouter(trailing_slash=False)
router.include_format_suffixes = False
router.register("sessions", SessionViewSet, basename="api-session")
SessionViewSet.lookup_value_converter = "uuid"
urlpatterns = router.urls
