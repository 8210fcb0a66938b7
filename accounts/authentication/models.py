"""Authentication sessions of browsers and devices, and stored responses for idempotent requests."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.authentication.choices import DeviceKind
from accounts.authentication.querysets import AuthSessionQuerySet
from therapybridge.core.fields import EncryptedTextField
from therapybridge.core.models import BaseModel, one_of, uuid7


class AuthSession(BaseModel):
    """The session of one browser, or of one device with tokens; its validity is checked on every request.

    `current` is the id of the one refresh token that a device can use, once, and `rotated_at` when it took the place of
    its parent. `expires_at` (the idle limit) moves with use, `ends_at` (the absolute limit) does not.
    `second_factor_at` is since when the session counts as one with a second factor, because one was used or the browser
    is trusted, and `factor_used_at` when one was last used; `stepped_up_at` is when the person last confirmed their
    identity. `device` is what the program says of itself, `device_name` what its user calls it.
    """

    Kind = DeviceKind

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="auth_sessions")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.DEVICE)
    current = models.UUIDField(default=uuid7)
    rotated_at = models.DateTimeField(null=True)
    device = models.CharField(max_length=200, blank=True)
    device_name = models.CharField(max_length=60, blank=True)
    ip = models.GenericIPAddressField(null=True)
    last_used_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    second_factor_at = models.DateTimeField(null=True)
    factor_used_at = models.DateTimeField(null=True)
    stepped_up_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_reason = models.CharField(max_length=40, blank=True)

    objects = AuthSessionQuerySet.as_manager()

    # Annotated by with_auth_state().
    has_factor: bool
    has_grant: bool

    class Meta:
        ordering = ["-last_used_at"]
        indexes = [models.Index(fields=["user", "-last_used_at"], name="auth_session_user")]
        constraints = [
            one_of("kind", DeviceKind, "auth_session_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {str(self.pk)[-8:]}"


class IdempotencyRecord(BaseModel):
    """The response to a request that carried an Idempotency-Key; a repeat gets it again and changes nothing."""

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
