"""What holds a session."""

from django.db import models


class DeviceKind(models.TextChoices):
    """What holds the session."""

    BROWSER = "browser"
    DEVICE = "device", "App"
