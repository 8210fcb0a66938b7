"""What can be exported, and as what."""

from django.db import models


class ExportKind(models.TextChoices):
    """What is in an export."""

    SESSION_NOTES = "session_notes", "Session notes"
    TIMELINE = "timeline", "Timeline"
    PROGRESS_REPORT = "progress_report", "Progress report"
    TREATMENT_SUMMARY = "treatment_summary", "Treatment summary"
    FULL_RECORD = "full_record", "Full record"


WITHOUT_PERIOD = (ExportKind.TREATMENT_SUMMARY, ExportKind.FULL_RECORD)


class ExportFormat(models.TextChoices):
    """The kind of file."""

    PDF = "pdf", "PDF"
    DOCX = "docx", "Word document"
    JSON = "json", "JSON"
    CSV = "csv", "Tables (CSV)"
    FHIR = "fhir", "FHIR R4 bundle"


class ExportStatus(models.TextChoices):
    """How far an export has come."""

    PENDING = "pending", "Waiting"
    PROCESSING = "processing", "Being made"
    COMPLETED = "completed", "Ready"
    FAILED = "failed", "Failed"
    EXPIRED = "expired", "Expired"


# No worker has anything to do.
IDLE = (ExportStatus.COMPLETED, ExportStatus.FAILED, ExportStatus.EXPIRED)


class Extra(models.TextChoices):
    """What is left out unless the patient has authorised that it leaves, each for itself."""

    PSYCHOTHERAPY_NOTES = "psychotherapy_notes", "Private (psychotherapy) notes"
    PRIVATE_EVENTS = "private_events", "Private events"
