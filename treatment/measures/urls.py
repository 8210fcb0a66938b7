"""Pages of questionnaires."""

from django.urls import include, path

from treatment.measures.views import patients, therapists

measure_pages = [
    path("patients/<uuid:patient_id>/measures", therapists.measure_list, name="list"),
    path("patients/<uuid:patient_id>/measures/assign", therapists.assign, name="assign"),
    path("patients/<uuid:patient_id>/measures/take/<slug:key>", therapists.take, name="take"),
    path("measures/<uuid:pk>", therapists.measure_detail, name="detail"),
    path("measures/<uuid:pk>/withdraw", therapists.withdraw, name="withdraw"),
    path("measure-assignments/<uuid:pk>", therapists.of_assignment, name="of_assignment"),
    path("measure-assignments/<uuid:pk>/cancel", therapists.cancel, name="cancel"),
    path("measure-schedules/<uuid:pk>/end", therapists.unschedule, name="unschedule"),
]
portal_pages = [
    path("", patients.portal_measures, name="list"),
]
urlpatterns = [
    path("", include((measure_pages, "measures"))),
    path("portal/questionnaires", include((portal_pages, "portal_measures"))),
    # Not below the portal, which only shows.
    path("account/questionnaires/<uuid:pk>", patients.fill_in, name="fill_in_measure"),
    path("questionnaire/<secret:secret>", patients.measure_form, name="measure_form"),
    path("questionnaire-sent", patients.measure_sent, name="measure_sent"),
]
