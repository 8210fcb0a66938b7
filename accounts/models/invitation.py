"""How people come in: a colleague or a patient follows a link that works once."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.models.clinic import Clinic
from accounts.models.user import User
from accounts.querysets import InvitationQuerySet
from therapybridge.core.crypto import keyed_hash
from therapybridge.core.fields import EncryptedTextField
from therapybridge.core.models import BaseModel


class Invitation(BaseModel):
    """An open door for one address; the link's secret is kept as a hash, the address sealed beside its blind index."""

    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=10, choices=User.Role)
    email = EncryptedTextField(purpose="invitation.email")
    email_index = models.CharField(max_length=64)
    patient = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="invitations"
    )
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["clinic", "-id"], name="invitation_clinic"),
            models.Index(fields=["email_index"], name="invitation_email"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role__in=["therapist", "patient", "admin"]), name="invitation_role"
            ),
            models.CheckConstraint(
                condition=models.Q(role="patient", patient__isnull=False)
                | (~models.Q(role="patient") & models.Q(patient=None)),
                name="invitation_patient",
            ),
            models.CheckConstraint(
                condition=models.Q(accepted_at=None) | models.Q(revoked_at=None), name="invitation_one_end"
            ),
        ]

    def __str__(self) -> str:
        return f"Invitation {str(self.pk)[-8:]}"

    @staticmethod
    def index_of(address: str) -> str:
        """What `email_index` holds for an address."""
        return keyed_hash("invitation.email", address.strip().lower())

    @property
    def state(self) -> str:
        """In one word how it stands."""
        if self.accepted_at:
            return "accepted"
        if self.revoked_at:
            return "revoked"
        return "open" if self.expires_at > timezone.now() else "expired"
