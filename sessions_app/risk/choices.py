"""The states of risk reviews, what may come of one, and the entries of its history."""

from django.db import models

KINDS = {
    "self_harm": "Self-harm",
    "suicidal_ideation": "Suicidal thoughts",
    "harm_to_others": "Harm to others",
    "abuse": "Abuse",
    "crisis": "Crisis",
    "substance": "Substance use",
}


class ReviewStatus(models.TextChoices):
    """How far a review has come. Nothing but a disposition ends it."""

    OPEN = "open", "Open"
    ACKNOWLEDGED = "acknowledged", "Acknowledged"
    DISPOSED = "disposed", "Closed"


class Disposition(models.TextChoices):
    """What a clinician found or did."""

    SAFETY_PLAN = "safety_plan", "Safety plan made or updated"
    REFERRED = "referred", "Referred, or escalated to a crisis service"
    ASSESSED = "assessed", "Assessed in the session and recorded"
    NOT_PRESENT = "not_present", "Not about the patient's present risk"
    MISHEARD = "misheard", "Misheard or not said"
    OTHER = "other", "Other"


class Happening(models.TextChoices):
    """What a line of a review's history tells."""

    OPENED = "opened", "Opened"
    ADDED = "added", "New lines were added"
    ACKNOWLEDGED = "acknowledged", "Acknowledged"
    HANDED_OVER = "handed_over", "Handed over"
    REMINDED = "reminded", "Overdue, e-mailed"  # one for each person, as the next
    ESCALATED = "escalated", "Overdue, and escalated"
    DISPOSED = "disposed", "Closed"
