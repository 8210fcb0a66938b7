"""How actions end."""

from django.db import models


class Outcome(models.TextChoices):
    """How the action ended."""

    OK = "ok"
    DENIED = "denied"
    FAILED = "failed"
