"""Pages of this app."""

from django.urls import path

from accounts.views import consent, emergency, patients, rights, sign_in

app_name = "accounts"

urlpatterns = [
    path("sign-out", sign_in.sign_out, name="sign_out"),
    path("patients/new", patients.patient_new, name="patient_new"),
    path("patients/<uuid:patient_id>/consent", consent.consent, name="consent"),
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
