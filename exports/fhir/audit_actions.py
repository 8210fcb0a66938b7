"""Audit actions of reading a record as FHIR."""

from audit.audit_actions import declare

RECORD_READ_AS_FHIR = declare("record.read_as_fhir", "read {your} whole record as data (FHIR)", is_read=True)
