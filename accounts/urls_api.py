"""API routes of this app, below /api/v1/."""

from django.urls import path

from accounts import schema  # noqa: F401 (registers itself)
from accounts.api import (
    consent,
    devices,
    emergency,
    invitations,
    joining,
    passwords,
    people,
    rights,
    second_factor,
    sign_in,
)

urlpatterns = [
    path("auth/login", sign_in.SignIn.as_view(), name="api-sign-in"),
    path("auth/refresh", sign_in.Refresh.as_view(), name="api-refresh"),
    path("auth/logout", sign_in.SignOut.as_view(), name="api-sign-out"),
    path("auth/sign-up", joining.SignUp.as_view(), name="api-sign-up"),
    path("auth/verify-email", joining.VerifyEmail.as_view(), name="api-verify-email"),
    path("auth/password-reset", passwords.AskReset.as_view(), name="api-password-reset"),
    path("auth/password-reset/confirm", passwords.Reset.as_view(), name="api-password-reset-confirm"),
    path("me/password", passwords.ChangePassword.as_view(), name="api-password"),
    path("invitations", invitations.Invitations.as_view(), name="api-invitations"),
    path("invitations/accept", invitations.Accept.as_view(), name="api-invitation-accept"),
    path("invitations/<uuid:invitation_id>", invitations.OneInvitation.as_view(), name="api-invitation"),
    path("auth/mfa", second_factor.AnswerChallenge.as_view(), name="api-second-factor"),
    path("auth/step-up", second_factor.StepUp.as_view(), name="api-step-up"),
    path("auth/devices", devices.Devices.as_view(), name="api-devices"),
    path("auth/devices/revoke-all", devices.RevokeAll.as_view(), name="api-devices-revoke-all"),
    path("auth/devices/<uuid:session_id>", devices.Device.as_view(), name="api-device"),
    path("me", people.Me.as_view(), name="api-me"),
    path("patients", people.Patients.as_view(), name="api-patients"),
    path("patients/<uuid:patient_id>", people.Patient.as_view(), name="api-patient"),
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
    path("patients/<uuid:patient_id>/consents", consent.Consents.as_view(), name="api-consents"),
    path("patients/<uuid:patient_id>/consents/request", consent.AskConsent.as_view(), name="api-consent-request"),
    path(
        "patients/<uuid:patient_id>/consents/request/<uuid:request_id>",
        consent.OneConsentRequest.as_view(),
        name="api-one-consent-request",
    ),
]
