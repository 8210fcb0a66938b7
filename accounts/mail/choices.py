"""How far an e-mail has come."""

from django.db import models


class MailStatus(models.TextChoices):
    """How far it has come."""

    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"
