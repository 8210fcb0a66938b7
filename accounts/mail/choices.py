"""Statuses of e-mails."""

from django.db import models


class MailStatus(models.TextChoices):
    """The delivery status of an e-mail."""

    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"
