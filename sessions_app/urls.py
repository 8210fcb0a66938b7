"""Session pages of the therapist portal."""

from django.urls import include, path

from sessions_app import views

session_pages = [
    path("", views.session_list, name="list"),
    path("/new", views.new_session, name="new"),
    path("/running", views.running, name="running"),
    path("/<uuid:pk>", views.session_detail, name="detail"),
    path("/<uuid:pk>/progress", views.session_progress, name="progress"),
    path("/<uuid:pk>/recording", views.session_recording, name="recording"),
    path("/<uuid:pk>/print", views.session_print, name="print"),
    path("/<uuid:pk>/retry", views.retry, name="retry"),
    path("/<uuid:pk>/cancel", views.cancel, name="cancel"),
    path("/<uuid:pk>/draft", views.extract_notes, name="extract_notes"),
    path("/<uuid:pk>/summary", views.approve_summary, name="approve_summary"),
    path("/<uuid:pk>/speakers", views.identify_speakers, name="identify_speakers"),
    path("/<uuid:pk>/speakers/swap", views.swap_speakers, name="swap_speakers"),
    path("/<uuid:pk>/speakers/line", views.reassign_line, name="reassign_line"),
    path("/<uuid:pk>/statements/<slug:statement>/keep", views.keep_statement, name="keep_statement"),
    path("/<uuid:pk>/statements/<slug:statement>/delete", views.delete_statement, name="delete_statement"),
]
urlpatterns = [
    path("today", views.today, name="today"),
    path("help/drafts", views.about_drafts, name="about_drafts"),
    path("sessions", include((session_pages, "sessions"))),
]
