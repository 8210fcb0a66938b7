"""Routes under /api/v1/."""

from django.urls import path

from timeline.api import EventView, TimelineSummaryView, TimelineView

urlpatterns = [
    path("patients/<id:patient_id>/timeline", TimelineView.as_view(), name="api-timeline"),
    path("patients/<id:patient_id>/timeline/summary", TimelineSummaryView.as_view(), name="api-timeline-summary"),
    path("patients/<id:patient_id>/timeline/<id:event_id>", EventView.as_view(), name="api-timeline-event"),
]
