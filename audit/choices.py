"""Choices for audit events."""

from django.db import models


class Outcome(models.TextChoices):
    """The outcome of an action."""

    OK = "ok"
    DENIED = "denied"
    FAILED = "failed"
