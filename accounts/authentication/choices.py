"""What an authentication session belongs to."""

from django.db import models


class DeviceKind(models.TextChoices):
    """What the session belongs to."""

    BROWSER = "browser"
    DEVICE = "device", "App"
