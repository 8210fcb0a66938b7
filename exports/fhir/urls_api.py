"""API routes of records as FHIR; no trailing slashes."""

from django.urls import path

from exports.fhir.api import PatientFhirView

urlpatterns = [path("patients/<id:patient_id>/fhir", PatientFhirView.as_view(), name="api-patient-fhir")]
