"""Audit actions of exports."""

from audit.audit_actions import declare

EXPORT_LISTED = declare("export.listed", "looked at the exports of {your} record", is_read=True)
EXPORT_READ = declare("export.read", "looked at an export of {your} record", is_read=True)
EXPORT_PREVIEWED = declare("export.previewed", "looked at what an export of {your} record would hold", is_read=True)
EXPORT_REQUESTED = declare("export.requested", "asked for an export of {your} record")
EXPORT_MADE = declare("export.made", "had an export of {your} record made")
EXPORT_FAILED = declare("export.failed", "could not have an export of {your} record made")
EXPORT_DOWNLOADED = declare("export.downloaded", "downloaded an export of {your} record")
EXPORT_CANCELLED = declare("export.cancelled", "cancelled an export of {your} record")
EXPORT_RETRIED = declare("export.retried", "asked again for an export of {your} record")
EXPORT_DELETED = declare("export.deleted", "deleted an export of {your} record")
EXPORT_EXPIRED = declare("export.expired", "had an export of {your} record deleted when its time was over")
