"""Audit actions of scheduled exports."""

from audit.audit_actions import declare

SCHEDULE_LISTED = declare("export_schedule.listed", "looked at the scheduled exports of {your} record", is_read=True)
SCHEDULE_READ = declare("export_schedule.read", "looked at a scheduled export of {your} record", is_read=True)
SCHEDULE_CREATED = declare("export_schedule.created", "scheduled exports of {your} record")
SCHEDULE_ENDED = declare("export_schedule.ended", "ended scheduled exports of {your} record")
