"""Audit actions of layouts, which say nothing of any patient."""

from audit.audit_actions import declare

LAYOUT_LISTED = declare("export_layout.listed", "looked at the layouts of exports", is_read=True)
LAYOUT_READ = declare("export_layout.read", "looked at a layout of exports", is_read=True)
LAYOUT_CREATED = declare("export_layout.created", "added a layout of exports")
LAYOUT_CHANGED = declare("export_layout.changed", "changed a layout of exports")
LAYOUT_DELETED = declare("export_layout.deleted", "deleted a layout of exports")
