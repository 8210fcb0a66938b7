"""The API under /api/v1/: the routes of all apps, the schema and its documentation page."""

from django.urls import include, path
from drf_spectacular.views import SpectacularSwaggerSplitView
from rest_framework.permissions import AllowAny

from therapybridge.core.api.document import Schema

urlpatterns = [
    path("", include("audit.urls_api")),
    path("", include("accounts.urls_api")),
    path("", include("sessions_app.urls_api")),
    path("", include("sessions_app.notes.urls_api")),
    path("", include("sessions_app.risk.urls_api")),
    path("", include("sessions_app.action_items.urls_api")),
    path("", include("treatment.goals.urls_api")),
    path("", include("treatment.measures.urls_api")),
    path("", include("treatment.plans.urls_api")),
    path("", include("treatment.thread.urls_api")),
    path("", include("treatment.tracking.urls_api")),
    path("", include("timeline.urls_api")),
    path("", include("exports.imports.urls_api")),
    path("", include("exports.jobs.urls_api")),
    path("", include("exports.fhir.urls_api")),
    path("", include("exports.layouts.urls_api")),
    path("schema", Schema.as_view(), name="api-schema"),
    path("", include("exports.schedules.urls_api")),
    path(
        "docs",
        SpectacularSwaggerSplitView.as_view(
            template_name="api_docs.html", url_name="api-schema", permission_classes=[AllowAny]
        ),
        name="api-docs",
    ),
]
