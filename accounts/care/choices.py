"""Choices for care relations and emergency access."""

from django.db import models


class RelationType(models.TextChoices):
    """A therapist's role in a patient's treatment."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    CONSULTING = "consulting"
    SUPERVISOR = "supervisor"


class Reason(models.TextChoices):
    """Why a record is opened in an emergency."""

    DANGER = "danger", "Danger to the patient or others"
    MEDICAL = "medical", "Medical emergency"
    COVER = "cover", "The treating therapist cannot be reached"
    LEGAL = "legal", "Required by law, at once"


class Verdict(models.TextChoices):
    """The outcome of a review."""

    JUSTIFIED = "justified"
    UNJUSTIFIED = "unjustified"
