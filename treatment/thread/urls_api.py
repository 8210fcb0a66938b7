"""API routes of the thread between plans, goals and notes; no trailing slashes."""

from django.urls import path

from treatment.thread.api import Gaps, NoteGoals, PlanGaps

urlpatterns = [
    path("notes/<id:note_id>/goals", NoteGoals.as_view(), name="api-note-goals"),
    path("plans/<id:plan_id>/gaps", PlanGaps.as_view(), name="api-plan-gaps"),
    path("treatment-gaps", Gaps.as_view(), name="api-treatment-gaps"),
]
