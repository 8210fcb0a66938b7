"""Who is treated, and by whom."""

from datetime import date

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.querysets import TherapistPatientQuerySet
from therapybridge.core.crypto import keyed_hash
from therapybridge.core.fields import EncryptedJSONField, EncryptedTextField
from therapybridge.core.models import BaseModel


class PatientProfile(BaseModel):
    """What a practice knows of a patient beside the name; encrypted as a whole.

    `email` is where the practice writes to, not what the patient signs in with (User.email): it is anyone's, also that
    of two patients, and so says nothing about who else is known here. `email_index` finds it again.
    """

    patient = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="profile")
    email = EncryptedTextField(purpose="patient.email", null=True, blank=True)
    email_index = models.CharField(max_length=64, blank=True, default="", db_index=True, editable=False)
    date_of_birth = EncryptedTextField(purpose="patient.date_of_birth", null=True, blank=True)
    phone = EncryptedTextField(purpose="patient.phone", null=True, blank=True)
    address = EncryptedTextField(purpose="patient.address", null=True, blank=True)
    emergency_contact = EncryptedTextField(purpose="patient.emergency_contact", null=True, blank=True)
    medical_history = EncryptedTextField(purpose="patient.medical_history", null=True, blank=True)
    tags = EncryptedJSONField(purpose="patient.tags", null=True, blank=True)

    def __str__(self) -> str:
        return f"Profile {str(self.pk)[-8:]}"

    @staticmethod
    def index_of(address: str) -> str:
        """What `email_index` holds for an address; nothing for none."""
        return keyed_hash("patient.email", address.strip().lower()) if address else ""

    @property
    def age(self) -> int | None:
        """Full years today in UTC; None when the date of birth is unknown."""
        if not self.date_of_birth:
            return None
        born, today = date.fromisoformat(self.date_of_birth), timezone.now().date()
        return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


class TherapistPatient(BaseModel):
    """A care relation; only an active one grants access, at every use."""

    class Type(models.TextChoices):
        """The part a therapist has in a treatment."""

        PRIMARY = "primary"
        SECONDARY = "secondary"
        CONSULTING = "consulting"
        SUPERVISOR = "supervisor"

    therapist = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="patient_relations")
    patient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="care_relations")
    relationship_type = models.CharField(max_length=12, choices=Type, default=Type.PRIMARY)
    is_active = models.BooleanField(default=True)
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = TherapistPatientQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at"]
        indexes = [models.Index(fields=["therapist", "is_active", "patient"], name="care_therapist_active")]
        constraints = [
            models.UniqueConstraint(fields=["therapist", "patient"], name="care_pair_unique"),
            models.CheckConstraint(
                condition=models.Q(relationship_type__in=["primary", "secondary", "consulting", "supervisor"]),
                name="care_type",
            ),
            models.CheckConstraint(condition=~models.Q(therapist=models.F("patient")), name="care_not_self"),
            models.CheckConstraint(condition=models.Q(is_active=False) | models.Q(ended_at=None), name="care_ended"),
        ]

    def __str__(self) -> str:
        return f"{self.get_relationship_type_display()} relation {str(self.pk)[-8:]}"
