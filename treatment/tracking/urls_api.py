"""API routes of tracking; no trailing slashes."""

from django.urls import path

from treatment.tracking import api

urlpatterns = [
    path("goals/<id:goal_id>/trackers", api.GoalTrackers.as_view(), name="api-trackers"),
    path("trackers/<id:tracker_id>", api.OneTracker.as_view(), name="api-tracker"),
    path("trackers/<id:tracker_id>/end", api.EndTracker.as_view(), name="api-tracker-end"),
    path("trackers/<id:tracker_id>/series", api.TrackerSeries.as_view(), name="api-tracker-series"),
    path("trackers/<id:tracker_id>/entries", api.TrackerEntries.as_view(), name="api-tracker-entries"),
    path("tracking-entries/<id:entry_id>/withdraw", api.WithdrawEntry.as_view(), name="api-tracking-entry-withdraw"),
    path("patients/<id:patient_id>/check-ins", api.PatientCheckIns.as_view(), name="api-patient-check-ins"),
    path("me/reminders", api.Reminders.as_view(), name="api-reminders"),
    path("check-ins", api.CheckIns.as_view(), name="api-check-ins"),
]
