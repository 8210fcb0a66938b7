"""Break-glass: hours of read-only access for a therapist without a relation, reviewed afterwards by someone else."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.querysets import BreakGlassQuerySet
from therapybridge.core.fields import EncryptedTextField
from therapybridge.core.models import BaseModel

LONGEST = timedelta(hours=4)


class BreakGlassGrant(BaseModel):
    """One emergency access to one patient's record."""

    class Reason(models.TextChoices):
        """Why it could not wait for a care relation."""

        DANGER = "danger", "Danger to the patient or others"
        MEDICAL = "medical", "Medical emergency"
        COVER = "cover", "The treating therapist cannot be reached"
        LEGAL = "legal", "Required by law, at once"

    class Verdict(models.TextChoices):
        """What the review found."""

        JUSTIFIED = "justified"
        UNJUSTIFIED = "unjustified"

    therapist = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="emergency_grants")
    patient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="emergency_accesses")
    reason = models.CharField(max_length=10, choices=Reason)
    justification = EncryptedTextField(purpose="break_glass.justification")
    started_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    review_due_at = models.DateTimeField()
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    verdict = models.CharField(max_length=12, choices=Verdict, blank=True)
    review_note = EncryptedTextField(purpose="break_glass.review_note", null=True)

    objects = BreakGlassQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["therapist", "patient", "-expires_at"], name="break_glass_live"),
            models.Index(fields=["patient", "-id"], name="break_glass_patient"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(reason__in=["danger", "medical", "cover", "legal"]), name="break_glass_reason"
            ),
            models.CheckConstraint(
                condition=models.Q(verdict="", reviewed_by=None, reviewed_at=None)
                | models.Q(
                    verdict__in=["justified", "unjustified"], reviewed_by__isnull=False, reviewed_at__isnull=False
                ),
                name="break_glass_verdict",
            ),
            models.CheckConstraint(
                condition=models.Q(reviewed_by=None) | ~models.Q(reviewed_by=models.F("therapist")),
                name="break_glass_other_eyes",
            ),
        ]

    def __str__(self) -> str:
        return f"Emergency access {str(self.pk)[-8:]}"

    @property
    def is_live(self) -> bool:
        """Whether it opens the record now, for display; access itself goes by the database's clock."""
        return self.ended_at is None and self.expires_at > timezone.now()

    @property
    def is_overdue(self) -> bool:
        """Whether the review should be done by now."""
        return not self.verdict and self.review_due_at <= timezone.now()

    @property
    def over_at(self) -> datetime:
        """When the access was or will be over."""
        return min(self.ended_at or self.expires_at, self.expires_at)
