"""Patient pages of the therapist portal."""

from django.urls import path

from timeline import views

app_name = "patients"

urlpatterns = [
    path("patients", views.patient_list, name="list"),
    path("patients/<uuid:patient_id>", views.patient_detail, name="detail"),
]
