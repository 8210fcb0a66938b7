"""Choices for authentication sessions."""

from django.db import models


class DeviceKind(models.TextChoices):
    """What the session belongs to."""

    BROWSER = "browser"
    DEVICE = "device", "App"
