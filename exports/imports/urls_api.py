"""API routes of imports; no trailing slashes."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from exports.imports import api

router = SimpleRouter(trailing_slash=False, use_regex_path=False)
router.register("imports", api.ImportViewSet, basename="api-import")
urlpatterns = [*router.urls, path("schemas/record", api.RecordSchema.as_view(), name="api-record-schema")]
