"""API routes of exports; no trailing slashes."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from exports.jobs import api

router = SimpleRouter(trailing_slash=False, use_regex_path=False)
router.register("exports", api.ExportViewSet, basename="api-export")
urlpatterns = [
    *router.urls,
    path("patients/<id:patient_id>/timeline/export", api.TimelineExport.as_view(), name="api-timeline-export"),
]
