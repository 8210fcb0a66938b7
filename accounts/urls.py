"""Page routes of this app."""

from django.urls import path

from accounts.authentication import views as authentication_views
from accounts.care.views import emergency, patients
from accounts.consent.views import consent, signing
from accounts.identity.views import invitations as invitations_views
from accounts.identity.views import profile as profile_views
from accounts.identity.views import registration
from accounts.rights import views as rights_views
from therapybridge.core.http import secret_paths  # noqa: F401 (registers the converter)

app_name = "accounts"

urlpatterns = [
    path("sign-up", registration.sign_up, name="sign_up"),
    path("verify-email/<secret:token>", registration.verify_email, name="verify_email"),
    path("invitation/<secret:secret>", registration.invitation, name="invitation"),
    path("invitations", invitations_views.invitations, name="invitations"),
    path("invitations/<uuid:invitation_id>/revoke", invitations_views.revoke, name="invitation_revoke"),
    path("patients/<uuid:patient_id>/invite", invitations_views.invite_patient, name="patient_invite"),
    path("password/forgot", authentication_views.password_forgot, name="password_forgot"),
    path("password/reset/<uuid:user_id>/<secret:token>", authentication_views.password_reset, name="password_reset"),
    path("account", profile_views.account, name="account"),
    path("account/password", authentication_views.password_change, name="password_change"),
    path("account/email", profile_views.new_address, name="account_email"),
    path("sign-out", authentication_views.sign_out, name="sign_out"),
    path("account/devices", authentication_views.devices, name="devices"),
    path("account/devices/<uuid:session_id>/revoke", authentication_views.device_revoke, name="device_revoke"),
    path("account/stay", authentication_views.stay, name="stay"),
    path("patients/new", patients.patient_new, name="patient_new"),
    path("patients/<uuid:patient_id>/details", patients.patient_details, name="patient_details"),
    path("patients/<uuid:patient_id>/edit", patients.patient_edit, name="patient_edit"),
    path("patients/<uuid:patient_id>/consent", consent.consent, name="consent"),
    path("patients/<uuid:patient_id>/consent/request", consent.ask, name="consent_request"),
    path(
        "patients/<uuid:patient_id>/consent/request/<uuid:request_id>",
        consent.request_state,
        name="consent_request_state",
    ),
    path(
        "patients/<uuid:patient_id>/consent/request/<uuid:request_id>/revoke",
        consent.revoke_request,
        name="consent_request_revoke",
    ),
    path("portal/consents", consent.own, name="consent_own"),
    path("sign/<secret:secret>", signing.sign, name="sign"),
    path("signed", signing.signed, name="signed"),
    path("patients/<uuid:patient_id>/access", rights_views.access_report, name="access"),
    path("patients/<uuid:patient_id>/access/<uuid:request_id>", rights_views.request_handle, name="request_handle"),
    path("patients/<uuid:patient_id>/disclosures", rights_views.disclosures, name="disclosures"),
    path("patients/<uuid:patient_id>/disclosures.csv", rights_views.disclosures_csv, name="disclosures_csv"),
    path("account/requests", rights_views.requests, name="requests"),
    path("account/requests/<uuid:request_id>/withdraw", rights_views.request_withdraw, name="request_withdraw"),
    path("portal/access", rights_views.portal_access, name="portal_access"),
    path("portal/disclosures", rights_views.portal_disclosures, name="portal_disclosures"),
    path("portal/disclosures.csv", rights_views.portal_disclosures_csv, name="portal_disclosures_csv"),
    path("emergency", emergency.emergency, name="emergency"),
    path("emergency/reviews", emergency.emergency_reviews, name="emergency_reviews"),
    path("emergency/<uuid:grant_id>/end", emergency.emergency_end, name="emergency_end"),
    path("emergency/<uuid:grant_id>/review", emergency.emergency_review, name="emergency_review"),
]
