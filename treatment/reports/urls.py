"""The page of progress reports."""

from django.urls import include, path

from treatment.reports import views

report_pages = [path("patients/<uuid:patient_id>/progress", views.progress_report, name="progress")]
urlpatterns = [path("", include((report_pages, "reports")))]
