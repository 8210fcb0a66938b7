"""The consent log: entries are added, never changed."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.consent.querysets import ConsentQuerySet, ConsentRequestQuerySet
from accounts.identity.models import Clinic
from audit.states import OpenUntil
from therapybridge.core.fields import EncryptedTextField
from therapybridge.core.models import BaseModel

CONSENT_TYPES = [
    "treatment",
    "hipaa_notice",
    "data_processing",
    "data_sharing",
    "communication",
    "recording",
    "ai_processing",
    "research",
    "telehealth",
    "billing",
]


class ConsentTemplate(BaseModel):
    """A clinic's own text for one type of consent; a changed text is a new version, the old ones stay."""

    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="consent_templates")
    consent_type = models.CharField(max_length=20, choices=[(name, name) for name in CONSENT_TYPES])
    version = models.PositiveIntegerField()
    text = models.TextField(max_length=20_000)
    valid_days = models.PositiveIntegerField(null=True, blank=True, help_text="Empty: until it is withdrawn.")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["consent_type", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "consent_type", "version"], name="consent_template_version"),
            models.CheckConstraint(condition=models.Q(consent_type__in=CONSENT_TYPES), name="consent_template_type"),
        ]

    def __str__(self) -> str:
        return f"{self.consent_type} version {self.version}"


class ConsentRequest(OpenUntil, BaseModel):
    """A link on which a patient decides, once; the link's secret is kept as a hash."""

    NEXT = {"open": {"used", "revoked"}, "used": set(), "revoked": set(), "expired": set()}
    ENDS = {"used": "used_at", "revoked": "revoked_at"}

    patient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="consent_requests")
    types = models.JSONField()
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = ConsentRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["patient", "-id"], name="consent_request_patient")]

    def __str__(self) -> str:
        return f"Signing link {str(self.pk)[-8:]}"


class ConsentEntry(BaseModel):
    """One decision of a patient; the latest entry of a type is in force."""

    class Type(models.TextChoices):
        """What is consented to."""

        TREATMENT = "treatment"
        HIPAA_NOTICE = "hipaa_notice", "HIPAA notice"
        DATA_PROCESSING = "data_processing"
        DATA_SHARING = "data_sharing"
        COMMUNICATION = "communication"
        RECORDING = "recording"
        AI_PROCESSING = "ai_processing", "AI processing"
        RESEARCH = "research"
        TELEHEALTH = "telehealth"
        BILLING = "billing"

    class Status(models.TextChoices):
        """What was decided."""

        GRANTED = "granted"
        DECLINED = "declined"
        REVOKED = "revoked"
        EXPIRED = "expired"

    class Method(models.TextChoices):
        """How it was given."""

        ELECTRONIC = "electronic"
        WRITTEN = "written"
        VERBAL = "verbal"

    class SignerRole(models.TextChoices):
        """Who decided."""

        PATIENT = "patient", "The patient"
        GUARDIAN = "guardian", "A parent or guardian"
        REPRESENTATIVE = "representative", "A legal representative"

    patient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="consents")
    consent_type = models.CharField(max_length=20, choices=Type)
    status = models.CharField(max_length=10, choices=Status)
    version = models.CharField(max_length=20, default="1")
    text = models.TextField(blank=True)
    method = models.CharField(max_length=10, choices=Method)
    signed_at = models.DateTimeField(default=timezone.now)
    signer_role = models.CharField(max_length=14, choices=SignerRole, default=SignerRole.PATIENT)
    signer_name = EncryptedTextField(purpose="consent.signer_name", null=True)
    witness_name = EncryptedTextField(purpose="consent.witness_name", null=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    ip = models.GenericIPAddressField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["patient", "consent_type", "-id"], name="consent_in_force")]
        constraints = [
            models.CheckConstraint(condition=models.Q(consent_type__in=CONSENT_TYPES), name="consent_type"),
            models.CheckConstraint(
                condition=models.Q(status__in=["granted", "declined", "revoked", "expired"]), name="consent_status"
            ),
            models.CheckConstraint(
                condition=models.Q(method__in=["electronic", "written", "verbal"]), name="consent_method"
            ),
            models.CheckConstraint(
                condition=models.Q(signer_role__in=["patient", "guardian", "representative"]), name="consent_signer"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_consent_type_display()}: {self.get_status_display()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert; a decision that was recorded is never rewritten."""
        if not self._state.adding:
            raise TypeError("The consent log is append-only.")
        super().save(*args, **kwargs)
