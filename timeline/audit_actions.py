"""Audit actions for timelines and the patient portal."""

from audit.audit_actions import declare

TIMELINE_READ = declare("timeline.read", "read {your} timeline", is_read=True)
TIMELINE_EVENT_READ = declare("timeline.event.read", "read an entry of {your} timeline", is_read=True)
TIMELINE_EVENT_CREATED = declare("timeline.event.created", "added an entry to {your} timeline")
TIMELINE_EVENT_UPDATED = declare("timeline.event.updated", "changed an entry of {your} timeline")
TIMELINE_EVENT_DELETED = declare("timeline.event.deleted", "removed an entry of {your} timeline")
PORTAL_READ = declare("portal.read", "opened {your} portal", is_read=True)
PORTAL_TIMELINE_READ = declare("portal.timeline.read", "read {your} timeline in the portal", is_read=True)
