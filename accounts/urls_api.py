"""API routes of this app, below /api/v1/."""

from django.urls import path

from accounts import schema  # noqa: F401 (registers itself)
from accounts.api import consent, people, sign_in

urlpatterns = [
    path("auth/login", sign_in.SignIn.as_view(), name="api-sign-in"),
    path("auth/refresh", sign_in.Refresh.as_view(), name="api-refresh"),
    path("auth/logout", sign_in.SignOut.as_view(), name="api-sign-out"),
    path("me", people.Me.as_view(), name="api-me"),
    path("patients", people.Patients.as_view(), name="api-patients"),
    path("patients/<uuid:patient_id>", people.Patient.as_view(), name="api-patient"),
    path("patients/<uuid:patient_id>/consents", consent.Consents.as_view(), name="api-consents"),
]
