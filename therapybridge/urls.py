"""The root URL configuration: pages, the API, the admin site and health endpoints."""

from django.contrib import admin
from django.urls import include, path

from accounts.authentication.views import admin_sign_in
from therapybridge.core import health, metrics, problems
from therapybridge.core.http.routes import found_by_parts
from therapybridge.home import home

handler400 = problems.bad_request
handler403 = problems.permission_denied
handler404 = problems.not_found
handler500 = problems.server_error

urlpatterns = [
    path("", home, name="home"),
    # The admin site has no sign-in page of its own.
    path("admin/login/", admin_sign_in),
    path("admin/", admin.site.urls),
    found_by_parts(path("api/v1/", include("therapybridge.api"))),
    path("", include("accounts.urls_identity")),
    path("", include("accounts.urls")),
    path("", include("sessions_app.urls")),
    path("", include("treatment.measures.urls")),
    path("", include("treatment.goals.urls")),
    path("", include("treatment.thread.urls")),
    path("", include("treatment.plans.urls")),
    path("", include("treatment.tracking.urls")),
    path("", include("treatment.reports.urls")),
    path("", include("timeline.urls")),
    path("", include("exports.imports.urls")),
    path("", include("exports.jobs.urls")),
    path("", include("exports.layouts.urls")),
    path("", include("exports.transfers.urls")),
    path("", include("exports.schedules.urls")),
    path("portal", include("timeline.urls_portal")),
    path("health", health.health),
    path("ready", health.ready),
    path("live", health.live),
    path("metrics", metrics.metrics),
]
