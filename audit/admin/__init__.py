"""The audit trail in the admin site."""

from audit.admin.events import AuditEventAdmin

__all__ = ["AuditEventAdmin"]
