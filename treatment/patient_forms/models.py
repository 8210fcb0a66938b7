"""Links to forms for patients."""

from django.conf import settings
from django.db import models
from django.utils.crypto import constant_time_compare

from audit.states import OpenUntil
from therapybridge.core.errors import Conflict
from therapybridge.core.models import BaseModel, one_of
from treatment.patient_forms.choices import FormPurpose
from treatment.patient_forms.querysets import FormLinkQuerySet


class FormLink(OpenUntil, BaseModel):
    """A link to one form of one patient, which works once; only the hash of its secret is stored.

    `target_id` is the row that the form is for, of the kind that `purpose` says. It ends with the session of the portal
    in which it was made, and with the password that the patient had then.
    """

    Purpose = FormPurpose
    NEXT = {"open": {"used", "revoked"}, "used": set(), "revoked": set(), "expired": set()}
    ENDS = {"used": "used_at", "revoked": "revoked_at"}

    patient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="form_links")
    purpose = models.CharField(max_length=8, choices=FormPurpose)
    target_id = models.UUIDField()
    token_hash = models.CharField(max_length=64, unique=True)
    auth_session = models.ForeignKey("accounts.AuthSession", null=True, on_delete=models.SET_NULL, related_name="+")
    # Of the password that the patient had, which nobody learns from it; a link without one has ended.
    password_stamp = models.CharField(max_length=64, blank=True, default="")
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = FormLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["patient", "-id"], name="form_link_patient")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(used_at=None) | models.Q(revoked_at=None), name="form_link_one_end"
            ),
            one_of("purpose", FormPurpose, "form_link_purpose"),
        ]

    def __str__(self) -> str:
        return f"Form link {str(self.pk)[-8:]}"

    @property
    def state(self) -> str:
        """Also "revoked" from the moment when the patient signs out there, or everywhere, or has another password."""
        state = super().state
        return "revoked" if state == self.OPEN and not self._is_vouched_for else state

    @property
    def _is_vouched_for(self) -> bool:
        is_signed_out = self.auth_session is not None and self.auth_session.revoked_at is not None
        stamp: str = self.patient.get_session_auth_hash()
        return not is_signed_out and constant_time_compare(self.password_stamp, stamp)

    def _lost(self) -> Exception:
        return Conflict("This link has already ended.")
