"""The outbox: e-mails are written in the transaction that causes them, sent by a worker, and then emptied.

One that could not be sent keeps its words: an operator can have it sent again.
"""

from typing import Any

from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

from accounts.mail.choices import MailStatus
from audit.states import StateMachine
from therapybridge.core.fields import EncryptedTextField
from therapybridge.core.models import BaseModel, one_of


class OutgoingMail(StateMachine, BaseModel):
    """One e-mail. Address, subject and text are encrypted, and removed once it was sent, never before."""

    Status = MailStatus

    NEXT = {Status.PENDING: {Status.SENT, Status.FAILED}, Status.SENT: set(), Status.FAILED: {Status.PENDING}}

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
    last_error = models.CharField(max_length=40, blank=True, db_default="")

    class Meta:
        ordering = ["-id"]
        verbose_name, verbose_name_plural = "e-mail that was not sent", "e-mails that were not sent"
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
        """Only what was sent is emptied; what is to be sent again begins anew."""
        return {"status": new} | self._on_reaching(new)

    def _on_reaching(self, new: str) -> dict[str, Any]:
        if new == self.Status.SENT:
            return {"to": None, "subject": None, "text": None, "html": None, "sent_at": timezone.now()}
        if new == self.Status.PENDING:
            return {"attempts": 0, "unanswered": 0, "next_attempt_at": Now()}
        return {}
