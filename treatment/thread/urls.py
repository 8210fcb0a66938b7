"""Pages of the thread between plans, goals and notes."""

from django.urls import include, path

from treatment.thread import views

pages = [
    path("notes/<uuid:pk>/goals", views.note_goals, name="note_goals"),
    path("treatment-gaps", views.gaps, name="gaps"),
]
urlpatterns = [path("", include((pages, "thread")))]
