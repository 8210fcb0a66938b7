"""API routes of scheduled exports; no trailing slashes."""

from django.urls import path

from exports.schedules import api

urlpatterns = [
    path("export-schedules", api.Schedules.as_view(), name="api-export-schedules"),
    path("export-schedules/<id:schedule_id>", api.OneSchedule.as_view(), name="api-export-schedule"),
    path("export-schedules/<id:schedule_id>/exports", api.Occurrences.as_view(), name="api-export-schedule-exports"),
    path("export-schedules/<id:schedule_id>/end", api.EndSchedule.as_view(), name="api-export-schedule-end"),
    path(
        "patients/<id:patient_id>/export-schedules", api.PatientSchedules.as_view(), name="api-patient-export-schedules"
    ),
]
