"""How acts end."""

from django.db import models


class Outcome(models.TextChoices):
    """How the act ended."""

    OK = "ok"
    DENIED = "denied"
    FAILED = "failed"
