"""The audit action of progress reports."""

from audit.audit_actions import declare

PROGRESS_REPORT_READ = declare("progress_report.read", "read a report on {your} progress", is_read=True)
