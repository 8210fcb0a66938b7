"""API routes of this app, below /api/v1/."""

from django.urls import path

from accounts import api, schema  # noqa: F401 (registers itself)

urlpatterns = [
    path("auth/login", api.SignIn.as_view(), name="api-sign-in"),
    path("auth/refresh", api.Refresh.as_view(), name="api-refresh"),
    path("auth/logout", api.SignOut.as_view(), name="api-sign-out"),
    path("me", api.Me.as_view(), name="api-me"),
    path("patients", api.Patients.as_view(), name="api-patients"),
    path("patients/<uuid:patient_id>", api.Patient.as_view(), name="api-patient"),
    path("patients/<uuid:patient_id>/consents", api.Consents.as_view(), name="api-consents"),
]
