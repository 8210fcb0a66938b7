"""Audit actions for questionnaires."""

from audit.audit_actions import declare

INSTRUMENT_LISTED = declare("instrument.listed", "looked at the list of questionnaires", is_read=True, is_logged=False)
INSTRUMENT_READ = declare("instrument.read", "looked at a blank questionnaire", is_read=True, is_logged=False)
MEASURE_LISTED = declare("measure.listed", "looked at {your} questionnaires", is_read=True)
MEASURE_READ = declare("measure.read", "read answers to {your} questionnaire", is_read=True)
MEASURE_OPENED = declare("measure.opened", "opened {your} questionnaire to fill it in", is_read=True)
MEASURE_TAKEN = declare("measure.taken", "filled in {your} questionnaire")
MEASURE_WITHDRAWN = declare("measure.withdrawn", "withdrew answers to {your} questionnaire as a mistake")
MEASURE_ASSIGNED = declare("measure.assigned", "asked for a questionnaire to be filled in")
MEASURE_CANCELLED = declare("measure.cancelled", "cancelled a questionnaire")
MEASURE_SCHEDULED = declare("measure.scheduled", "scheduled a questionnaire")
MEASURE_UNSCHEDULED = declare("measure.unscheduled", "ended the schedule of a questionnaire")
