"""API routes of questionnaires; no trailing slashes."""

from django.urls import path

from treatment.measures.api import assignments, instruments, results, schedules

urlpatterns = [
    path("instruments", instruments.Instruments.as_view(), name="api-instruments"),
    path("instruments/<slug:key>", instruments.OneInstrument.as_view(), name="api-instrument"),
    path("patients/<id:patient_id>/measures", results.Results.as_view(), name="api-measures"),
    path("measures/<id:measure_id>", results.OneResult.as_view(), name="api-measure"),
    path("measures/<id:measure_id>/withdraw", results.WithdrawResult.as_view(), name="api-measure-withdraw"),
    path(
        "patients/<id:patient_id>/measure-assignments",
        assignments.Assignments.as_view(),
        name="api-measure-assignments",
    ),
    path(
        "measure-assignments/<id:assignment_id>/cancel",
        assignments.CancelAssignment.as_view(),
        name="api-measure-assignment-cancel",
    ),
    path(
        "measure-assignments/<id:assignment_id>/answers",
        assignments.AnswerAssignment.as_view(),
        name="api-measure-assignment-answers",
    ),
    path("patients/<id:patient_id>/measure-schedules", schedules.Schedules.as_view(), name="api-measure-schedules"),
    path("measure-schedules/<id:schedule_id>/end", schedules.EndSchedule.as_view(), name="api-measure-schedule-end"),
]
