"""What can be taken over from another system."""

from django.db import models


class TransferKind(models.TextChoices):
    """What is in the file."""

    PATIENTS = "patients", "Patients (CSV)"
    APPOINTMENTS = "appointments", "Appointments (CSV)"
    TRANSCRIPTS = "transcripts", "Transcripts of one patient (zip)"


class LineState(models.TextChoices):
    """What becomes of a line."""

    NEW = "new", "Will be added"
    KNOWN = "known", "Already here"
    REFUSED = "refused", "Left out"
