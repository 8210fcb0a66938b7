"""API routes of sessions; no trailing slashes."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from sessions_app.api import SessionViewSet
from sessions_app.recordings.api import Playback, PlaybackLink
from therapybridge.core.http import secret_paths  # noqa: F401 (registers the converter)

router = SimpleRouter(trailing_slash=False, use_regex_path=False)
router.register("sessions", SessionViewSet, basename="api-session")
urlpatterns = [
    *router.urls,
    path("sessions/<id:pk>/recording/link", PlaybackLink.as_view(), name="api-recording-link"),
    path("playback/<secret:link>", Playback.as_view(), name="api-playback"),
]
