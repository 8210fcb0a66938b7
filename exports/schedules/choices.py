"""How often an export is made."""

from django.db import models


class Recurrence(models.TextChoices):
    """How often."""

    DAILY = "daily", "Every day"
    WEEKLY = "weekly", "Every week"
    MONTHLY = "monthly", "Every month"
