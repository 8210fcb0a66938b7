"""The states of assigned questionnaires, and who filled one in."""

from django.db import models


class AssignmentStatus(models.TextChoices):
    """Whether an assigned questionnaire still waits to be filled in."""

    OPEN = "open", "To be filled in"
    COMPLETED = "completed", "Filled in"
    CANCELLED = "cancelled", "Cancelled"


class FilledBy(models.TextChoices):
    """Who gave the answers."""

    THERAPIST = "therapist", "By the therapist, with the patient"
    PATIENT = "patient", "By the patient"
