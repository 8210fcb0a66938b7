"""API routes of the audit trail, under /api/v1/."""

from django.urls import path

from audit.api import AuditEvents

urlpatterns = [path("audit/events", AuditEvents.as_view(), name="api-audit-events")]
