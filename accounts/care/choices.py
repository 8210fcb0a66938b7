"""Parts in a treatment, and why records are opened in an emergency."""

from django.db import models


class RelationType(models.TextChoices):
    """The part a therapist has in a treatment."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    CONSULTING = "consulting"
    SUPERVISOR = "supervisor"


class Reason(models.TextChoices):
    """Why it could not wait for a care relation."""

    DANGER = "danger", "Danger to the patient or others"
    MEDICAL = "medical", "Medical emergency"
    COVER = "cover", "The treating therapist cannot be reached"
    LEGAL = "legal", "Required by law, at once"


class Verdict(models.TextChoices):
    """What the review found."""

    JUSTIFIED = "justified"
    UNJUSTIFIED = "unjustified"
