"""Audit actions of imports."""

from audit.audit_actions import declare

IMPORT_LISTED = declare("import.listed", "looked at the imports", is_read=True)
IMPORT_READ = declare("import.read", "looked at an import", is_read=True)
IMPORT_UPLOADED = declare("import.uploaded", "uploaded a record to be taken in")
IMPORT_COMPARED = declare(
    "import.compared", "was told of patients with the name and date of birth in an uploaded record", is_read=True
)
IMPORT_CONFIRMED = declare("import.confirmed", "asked for an uploaded record to be taken in")
IMPORT_COMPLETED = declare("import.completed", "had {your} record taken in from another practice")
IMPORT_FAILED = declare("import.failed", "could not have a record taken in")
ORIGIN_READ = declare("import.origin.read", "looked at where {your} record comes from", is_read=True)
IMPORT_CANCELLED = declare("import.cancelled", "discarded an uploaded record")
