"""API routes of this app, below /api/v1/."""

from django.urls import path

from accounts import schema  # noqa: F401 (registers itself)
from accounts.api import consent, emergency, people, rights, sign_in

urlpatterns = [
    path("auth/login", sign_in.SignIn.as_view(), name="api-sign-in"),
    path("auth/refresh", sign_in.Refresh.as_view(), name="api-refresh"),
    path("auth/logout", sign_in.SignOut.as_view(), name="api-sign-out"),
    path("me", people.Me.as_view(), name="api-me"),
    path("patients", people.Patients.as_view(), name="api-patients"),
    path("patients/<uuid:patient_id>", people.Patient.as_view(), name="api-patient"),
    path("patients/<uuid:patient_id>/consents", consent.Consents.as_view(), name="api-consents"),
    path("patients/<uuid:patient_id>/access-requests", rights.AccessRequests.as_view(), name="api-access-requests"),
    path("patients/<uuid:patient_id>/disclosures", rights.Disclosures.as_view(), name="api-disclosures"),
    path("patients/<uuid:patient_id>/access-log", rights.AccessLog.as_view(), name="api-access-log"),
    path(
        "access-requests/<uuid:request_id>/withdraw",
        rights.WithdrawAccessRequest.as_view(),
        name="api-access-request-withdraw",
    ),
    path(
        "access-requests/<uuid:request_id>/handle",
        rights.HandleAccessRequest.as_view(),
        name="api-access-request-handle",
    ),
    path("emergency-access", emergency.EmergencyAccesses.as_view(), name="api-emergency-accesses"),
    path("emergency-access/<uuid:grant_id>/end", emergency.EmergencyEnd.as_view(), name="api-emergency-end"),
    path("emergency-access/<uuid:grant_id>/review", emergency.EmergencyReview.as_view(), name="api-emergency-review"),
]
