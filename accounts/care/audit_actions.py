"""Audit actions for care relations and emergency access."""

from audit.audit_actions import declare

PATIENT_CREATED = declare("patient.created", "added {your} record")
PATIENT_READ = declare("patient.read", "opened {your} record", is_read=True)
PATIENT_DETAILS_READ = declare("patient.details.read", "looked at {your} details", is_read=True)
PATIENT_UPDATED = declare("patient.updated", "changed {your} details")
PATIENT_LISTED = declare("patient.listed", "looked at the list of patients", is_read=True)
CARE_CREATED = declare("care.created", "gave someone access to {your} record")
CARE_UPDATED = declare("care.updated", "changed someone's access to {your} record")
CARE_ENDED = declare("care.ended", "ended someone's access to {your} record")
CARE_RESUMED = declare("care.resumed", "gave someone access to {your} record again")
EMERGENCY_OPENED = declare("emergency.opened", "opened {your} record in an emergency")
EMERGENCY_ENDED = declare("emergency.ended", "ended an emergency access to {your} record")
EMERGENCY_READ = declare("emergency.read", "looked at an emergency access to {your} record", is_read=True)
EMERGENCY_LISTED = declare("emergency.listed", "looked at the list of emergency access", is_read=True)
EMERGENCY_REVIEWED = declare("emergency.reviewed", "reviewed an emergency access to {your} record")
EMERGENCY_REVIEW_REMINDED = declare("emergency.review_reminded", "asked for the review of an emergency access")
