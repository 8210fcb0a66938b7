"""API routes of this app, under /api/v1/."""

from django.urls import path

from accounts.authentication import api as authentication_api
from accounts.care.api import emergency, patients
from accounts.consent import api as consent_api
from accounts.identity import api as identity_api
from accounts.rights import api as rights_api
from accounts.second_factor import api as second_factor_api

urlpatterns = [
    path("auth/login", authentication_api.SignIn.as_view(), name="api-sign-in"),
    path("auth/refresh", authentication_api.Refresh.as_view(), name="api-refresh"),
    path("auth/logout", authentication_api.SignOut.as_view(), name="api-sign-out"),
    path("auth/sign-up", identity_api.SignUp.as_view(), name="api-sign-up"),
    path("auth/verify-email", identity_api.VerifyEmail.as_view(), name="api-verify-email"),
    path("auth/password-reset", authentication_api.AskReset.as_view(), name="api-password-reset"),
    path("auth/password-reset/confirm", authentication_api.Reset.as_view(), name="api-password-reset-confirm"),
    path("me/password", authentication_api.ChangePassword.as_view(), name="api-password"),
    path("invitations", identity_api.Invitations.as_view(), name="api-invitations"),
    path("invitations/accept", identity_api.Accept.as_view(), name="api-invitation-accept"),
    path("invitations/<id:invitation_id>", identity_api.OneInvitation.as_view(), name="api-invitation"),
    path("auth/mfa", second_factor_api.AnswerChallenge.as_view(), name="api-second-factor"),
    path("auth/step-up", second_factor_api.StepUp.as_view(), name="api-step-up"),
    path("auth/devices", authentication_api.Devices.as_view(), name="api-devices"),
    path("auth/devices/revoke-all", authentication_api.RevokeAll.as_view(), name="api-devices-revoke-all"),
    path("auth/devices/<id:session_id>", authentication_api.Device.as_view(), name="api-device"),
    path("me", identity_api.Me.as_view(), name="api-me"),
    path("patients", patients.Patients.as_view(), name="api-patients"),
    path("patients/<id:patient_id>", patients.Patient.as_view(), name="api-patient"),
    path("patients/<id:patient_id>/access-requests", rights_api.AccessRequests.as_view(), name="api-access-requests"),
    path("patients/<id:patient_id>/disclosures", rights_api.Disclosures.as_view(), name="api-disclosures"),
    path("patients/<id:patient_id>/access-log", rights_api.AccessLog.as_view(), name="api-access-log"),
    path(
        "access-requests/<id:request_id>/withdraw",
        rights_api.WithdrawAccessRequest.as_view(),
        name="api-access-request-withdraw",
    ),
    path(
        "access-requests/<id:request_id>/handle",
        rights_api.HandleAccessRequest.as_view(),
        name="api-access-request-handle",
    ),
    path("emergency-access", emergency.EmergencyAccesses.as_view(), name="api-emergency-accesses"),
    path("emergency-access/<id:grant_id>/end", emergency.EmergencyEnd.as_view(), name="api-emergency-end"),
    path("emergency-access/<id:grant_id>/review", emergency.EmergencyReview.as_view(), name="api-emergency-review"),
    path("patients/<id:patient_id>/consents", consent_api.Consents.as_view(), name="api-consents"),
    path("patients/<id:patient_id>/consents/request", consent_api.AskConsent.as_view(), name="api-consent-request"),
    path(
        "patients/<id:patient_id>/consents/request/<id:request_id>",
        consent_api.OneConsentRequest.as_view(),
        name="api-one-consent-request",
    ),
]
