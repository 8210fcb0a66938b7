"""One row per act on personal data: who, what, whose, how it ended. Never a value of the data itself."""

from typing import Any, NoReturn

from django.conf import settings
from django.db import models

from therapybridge.core.models import uuid7


class AppendOnlyQuerySet(models.QuerySet["AuditEvent"]):
    """Rows can be added and read, nothing else."""

    def update(self, **kwargs: Any) -> NoReturn:
        """Refuse: the trail is append-only."""
        raise TypeError("The audit trail is append-only.")

    def delete(self) -> NoReturn:
        """Refuse: the trail is append-only."""
        raise TypeError("The audit trail is append-only.")


class AuditEvent(models.Model):
    """An act and its outcome. `changed` holds field names only, `ids` the rows that a list returned, `grant_id` the
    emergency access that opened the record.
    """

    class Outcome(models.TextChoices):
        """How the act ended."""

        OK = "ok"
        DENIED = "denied"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    clinic_id = models.UUIDField(null=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    action = models.CharField(max_length=80)
    target_type = models.CharField(max_length=60, blank=True)
    target_id = models.UUIDField(null=True)
    patient_id = models.UUIDField(null=True)
    ids = models.JSONField(default=list)
    grant_id = models.UUIDField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.OK)
    reason = models.CharField(max_length=200, blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    ip = models.GenericIPAddressField(null=True)
    user_agent = models.CharField(max_length=200, blank=True)
    changed = models.JSONField(default=list)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["clinic_id", "-id"], name="audit_clinic"),
            models.Index(fields=["patient_id", "-id"], name="audit_patient"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(outcome__in=["ok", "denied", "failed"]), name="audit_outcome"),
        ]

    def __str__(self) -> str:
        return f"{self.action} ({self.outcome})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert; a row that exists is never written again."""
        if not self._state.adding:
            raise TypeError("The audit trail is append-only.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse: the trail is append-only."""
        raise TypeError("The audit trail is append-only.")
