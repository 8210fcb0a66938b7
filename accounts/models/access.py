"""Sign-in families of the API and answers kept for repeated requests."""

from django.conf import settings
from django.db import models

from therapybridge.core.fields import EncryptedTextField
from therapybridge.core.models import BaseModel, uuid7


class AuthSession(BaseModel):
    """One device's family of tokens: only the refresh token whose id is `current` can be used, once."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="auth_sessions")
    current = models.UUIDField(default=uuid7)
    device = models.CharField(max_length=200, blank=True)
    ip = models.GenericIPAddressField(null=True)
    last_used_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_reason = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["-last_used_at"]
        indexes = [models.Index(fields=["user", "-last_used_at"], name="auth_session_user")]

    def __str__(self) -> str:
        return f"Device {str(self.pk)[-8:]}"


class IdempotencyRecord(BaseModel):
    """The answer to a request that carried an Idempotency-Key, so that a repeat changes nothing."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=100)
    route = models.CharField(max_length=120)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = EncryptedTextField(purpose="idempotency.body", null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "route", "key"], name="idempotency_unique")]

    def __str__(self) -> str:
        return f"Request {str(self.pk)[-8:]}"
