"""Pages of trackers and check-ins."""

from django.urls import include, path

from treatment.tracking.views import patients, therapists

tracker_pages = [
    path("goals/<uuid:pk>/trackers", therapists.tracker_list, name="list"),
    path("goals/<uuid:pk>/trackers/add", therapists.add, name="add"),
    path("patients/<uuid:patient_id>/check-ins", therapists.check_ins, name="check_ins"),
    path("trackers/<uuid:pk>", therapists.tracker_detail, name="detail"),
    path("trackers/<uuid:pk>/change", therapists.change, name="change"),
    path("trackers/<uuid:pk>/end", therapists.end, name="end"),
    path("trackers/<uuid:pk>/enter", therapists.enter, name="enter"),
    path("tracking-entries/<uuid:pk>/withdraw", therapists.withdraw, name="withdraw"),
]
portal_pages = [path("", patients.portal_check_ins, name="list")]
reminder_pages = [
    path("account/reminders", patients.reminders, name="own"),  # not below the portal, which only shows
    path("reminders/<secret:secret>", patients.stop_reminders, name="stop"),
]
urlpatterns = [
    path("", include((tracker_pages, "trackers"))),
    path("portal/check-ins", include((portal_pages, "portal_check_ins"))),
    path("", include((reminder_pages, "reminders"))),
    path("check-ins/<uuid:pk>", therapists.check_in_of_review, name="check_in_of_review"),
    # Not below the portal, which only shows.
    path("account/check-in", patients.begin, name="begin_check_in"),
    path("check-in/<secret:secret>", patients.check_in, name="check_in"),
    path("check-in-sent", patients.check_in_sent, name="check_in_sent"),
]
