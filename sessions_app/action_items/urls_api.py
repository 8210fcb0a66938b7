"""API routes of action items; no trailing slashes."""

from django.urls import path

from sessions_app.action_items.api import ActionItems, OneActionItem

urlpatterns = [
    path("patients/<id:patient_id>/action-items", ActionItems.as_view(), name="api-action-items"),
    path("action-items/<id:item_id>", OneActionItem.as_view(), name="api-action-item"),
]
