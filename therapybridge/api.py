"""The API under /api/v1/: the routes of all apps, the schema and its documentation page."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import AllowAny

urlpatterns = [
    path("", include("audit.urls_api")),
    path("", include("accounts.urls_api")),
    path("", include("sessions_app.urls_api")),
    path("", include("sessions_app.notes.urls_api")),
    path("", include("sessions_app.risk.urls_api")),
    path("", include("sessions_app.action_items.urls_api")),
    path("", include("timeline.urls_api")),
    path("schema", SpectacularAPIView.as_view(permission_classes=[AllowAny]), name="api-schema"),
    path(
        "docs",
        SpectacularSwaggerSplitView.as_view(
            template_name="api_docs.html", url_name="api-schema", permission_classes=[AllowAny]
        ),
        name="api-docs",
    ),
]
