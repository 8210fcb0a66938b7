"""Consent texts, signing links and the consent log."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.consent.choices import ConsentMethod, ConsentStatus, ConsentType, SignerRole
from accounts.consent.querysets import ConsentQuerySet, ConsentRequestQuerySet
from accounts.identity.models import Clinic
from audit.states import OpenUntil
from therapybridge.core.errors import Conflict
from therapybridge.core.fields import EncryptedTextField
from therapybridge.core.models import BaseModel, one_of


class ConsentTemplate(BaseModel):
    """One version of a clinic's own text for a type of consent; versions are never changed."""

    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="consent_templates")
    consent_type = models.CharField(max_length=20, choices=[(name, name) for name in ConsentType.values])
    version = models.PositiveIntegerField()
    text = models.TextField(max_length=20_000)
    valid_days = models.PositiveIntegerField(null=True, blank=True, help_text="Empty: until it is withdrawn.")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["consent_type", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "consent_type", "version"], name="consent_template_version"),
            one_of("consent_type", ConsentType, "consent_template_type"),
        ]

    def __str__(self) -> str:
        return f"{self.consent_type} version {self.version}"


class ConsentRequest(OpenUntil, BaseModel):
    """A signing link that works once; only the hash of its secret is stored."""

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
        constraints = [
            models.CheckConstraint(
                condition=models.Q(used_at=None) | models.Q(revoked_at=None), name="consent_request_one_end"
            ),
        ]

    def __str__(self) -> str:
        return f"Signing link {str(self.pk)[-8:]}"

    def _lost(self) -> Exception:
        return Conflict("This link has already ended.")


class ConsentEntry(BaseModel):
    """One decision of a patient; the latest entry of each type is in force. Rows are only added."""

    Type = ConsentType

    Status = ConsentStatus

    Method = ConsentMethod

    SignerRole = SignerRole

    patient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="consents")
    consent_type = models.CharField(max_length=20, choices=Type)
    status = models.CharField(max_length=10, choices=Status)
    version = models.CharField(max_length=20, default="1")
    text = models.TextField(blank=True)
    method = models.CharField(max_length=10, choices=Method)
    signed_at = models.DateTimeField(default=timezone.now)
    # The day as it was written, if without a time; `signed_at` is then the start of that day at the clinic, so that a
    # refusal of the same day counts as later.
    signed_day = models.DateField(null=True, editable=False)
    signer_role = models.CharField(max_length=14, choices=SignerRole, default=SignerRole.PATIENT)
    signer_name = EncryptedTextField(purpose="consent.signer_name", null=True)
    witness_name = EncryptedTextField(purpose="consent.witness_name", null=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    ip = models.GenericIPAddressField(null=True, blank=True)
    # Who was signed in on the device that it was signed on, if that was somebody else than the patient.
    device_user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    expires_at = models.DateTimeField(null=True, blank=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["patient", "consent_type", "-id"], name="consent_in_force")]
        constraints = [
            one_of("consent_type", ConsentType, "consent_type"),
            one_of("status", ConsentStatus, "consent_status"),
            one_of("method", ConsentMethod, "consent_method"),
            one_of("signer_role", SignerRole, "consent_signer"),
        ]

    def __str__(self) -> str:
        return f"{self.get_consent_type_display()}: {self.get_status_display()}"

    @property
    def signed_on(self) -> date:
        """The day, the same for every reader, or the point in time, if it is known."""
        return self.signed_day or self.signed_at

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert only; recorded decisions are never changed."""
        if not self._state.adding:
            raise TypeError("The consent log is append-only.")
        super().save(*args, **kwargs)
