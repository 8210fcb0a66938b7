"""The outbox: e-mails are written in the transaction that causes them, sent by a worker, and then emptied."""

from typing import Any

from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

from accounts.mail.choices import MailStatus
from audit.states import StateMachine
from therapybridge.core.fields import EncryptedTextField
from therapybridge.core.models import BaseModel, one_of


class OutgoingMail(StateMachine, BaseModel):
    """One e-mail. Address, subject and text are encrypted, and removed once it was sent or given up on."""

    Status = MailStatus

    NEXT = {Status.PENDING: {Status.SENT, Status.FAILED}, Status.SENT: set(), Status.FAILED: set()}

    kind = models.CharField(max_length=40)
    to = EncryptedTextField(purpose="mail.to", null=True)
    subject = EncryptedTextField(purpose="mail.subject", null=True)
    text = EncryptedTextField(purpose="mail.text", null=True)
    html = EncryptedTextField(purpose="mail.html", null=True)
    status = models.CharField(max_length=8, choices=Status, default=Status.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    # Attempts in a row of which nobody knows how they ended.
    unanswered = models.PositiveSmallIntegerField(db_default=0)
    next_attempt_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["next_attempt_at"], name="mail_due", condition=models.Q(status="pending")),
            models.Index(fields=["updated_at"], name="mail_failed", condition=models.Q(status="failed")),
        ]
        constraints = [
            one_of("status", MailStatus, "mail_status"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {str(self.pk)[-8:]}"

    def _columns(self, new: str) -> dict[str, Any]:
        """Either end empties the e-mail."""
        sent_at = {"sent_at": timezone.now()} if new == self.Status.SENT else {}
        return {"status": new, "to": None, "subject": None, "text": None, "html": None, **sent_at}
