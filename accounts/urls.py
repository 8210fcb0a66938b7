"""Pages of this app."""

from django.urls import path

from accounts.views import (
    consent,
    devices,
    emergency,
    invitations,
    joining,
    passwords,
    patients,
    profile,
    rights,
    sign_in,
    signing,
)
from therapybridge.core import secret_paths  # noqa: F401 (registers the converter)

app_name = "accounts"

urlpatterns = [
    path("sign-up", joining.sign_up, name="sign_up"),
    path("verify-email/<secret:token>", joining.verify_email, name="verify_email"),
    path("invitation/<secret:secret>", joining.invitation, name="invitation"),
    path("invitations", invitations.invitations, name="invitations"),
    path("invitations/<uuid:invitation_id>/revoke", invitations.revoke, name="invitation_revoke"),
    path("patients/<uuid:patient_id>/invite", invitations.invite_patient, name="patient_invite"),
    path("password/forgot", passwords.forgot, name="password_forgot"),
    path("password/reset/<uuid:user_id>/<secret:token>", passwords.reset, name="password_reset"),
    path("account", profile.account, name="account"),
    path("account/password", passwords.change, name="password_change"),
    path("account/email", profile.new_address, name="account_email"),
    path("sign-out", sign_in.sign_out, name="sign_out"),
    path("account/devices", devices.devices, name="devices"),
    path("account/devices/<uuid:session_id>/revoke", devices.revoke, name="device_revoke"),
    path("account/stay", devices.stay, name="stay"),
    path("patients/new", patients.patient_new, name="patient_new"),
    path("patients/<uuid:patient_id>/consent", consent.consent, name="consent"),
    path("patients/<uuid:patient_id>/consent/request", consent.ask, name="consent_request"),
    path(
        "patients/<uuid:patient_id>/consent/request/<uuid:request_id>/revoke",
        consent.revoke_request,
        name="consent_request_revoke",
    ),
    path("portal/consents", consent.own, name="consent_own"),
    path("sign/<secret:secret>", signing.sign, name="sign"),
    path("signed", signing.signed, name="signed"),
    path("patients/<uuid:patient_id>/access", rights.access, name="access"),
    path("patients/<uuid:patient_id>/access/<uuid:request_id>", rights.request_handle, name="request_handle"),
    path("patients/<uuid:patient_id>/disclosures", rights.disclosures, name="disclosures"),
    path("patients/<uuid:patient_id>/disclosures.csv", rights.disclosures_csv, name="disclosures_csv"),
    path("account/requests", rights.requests, name="requests"),
    path("account/requests/<uuid:request_id>/withdraw", rights.request_withdraw, name="request_withdraw"),
    path("portal/access", rights.portal_access, name="portal_access"),
    path("portal/disclosures", rights.portal_disclosures, name="portal_disclosures"),
    path("portal/disclosures.csv", rights.portal_disclosures_csv, name="portal_disclosures_csv"),
    path("emergency", emergency.emergency, name="emergency"),
    path("emergency/reviews", emergency.emergency_reviews, name="emergency_reviews"),
    path("emergency/<uuid:grant_id>/end", emergency.emergency_end, name="emergency_end"),
    path("emergency/<uuid:grant_id>/review", emergency.emergency_review, name="emergency_review"),
]
