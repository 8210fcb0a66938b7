"""Pages of this app."""

from django.urls import path

from accounts import views

app_name = "accounts"

urlpatterns = [
    path("sign-in", views.sign_in, name="sign_in"),
    path("sign-out", views.sign_out, name="sign_out"),
    path("patients/new", views.patient_new, name="patient_new"),
    path("patients/<uuid:patient_id>/consent", views.consent, name="consent"),
]
