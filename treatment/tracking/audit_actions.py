"""Audit actions for tracking and check-ins."""

from audit.audit_actions import declare

TRACKER_LISTED = declare("tracker.listed", "looked at what is tracked for {your} goals", is_read=True)
TRACKER_READ = declare("tracker.read", "looked at a value that is tracked for {your} goals", is_read=True)
TRACKER_ADDED = declare("tracker.added", "added something to be tracked for {your} goals")
TRACKER_CHANGED = declare("tracker.changed", "changed what is tracked for {your} goals")
TRACKER_ENDED = declare("tracker.ended", "ended what was tracked for {your} goals")
ENTRY_ADDED = declare("tracking_entry.added", "entered a value for {your} goals")
ENTRY_WITHDRAWN = declare("tracking_entry.withdrawn", "withdrew a value for {your} goals")
CHECK_IN_SENT = declare("check_in.sent", "sent a check-in")
CHECK_IN_OPENED = declare("check_in.opened", "opened a check-in", is_read=True)
CHECK_IN_LISTED = declare("check_in.listed", "looked at {your} check-ins", is_read=True)
REMINDERS_CHANGED = declare("reminders.changed", "changed {your} reminders")
