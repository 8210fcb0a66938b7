"""Pages of this app."""

from django.urls import path

from accounts.views import consent, patients, sign_in

app_name = "accounts"

urlpatterns = [
    path("sign-out", sign_in.sign_out, name="sign_out"),
    path("patients/new", patients.patient_new, name="patient_new"),
    path("patients/<uuid:patient_id>/consent", consent.consent, name="consent"),
]
