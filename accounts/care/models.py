"""Patient profiles, care relations and emergency access."""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.care.choices import Reason, RelationType, Verdict
from accounts.care.querysets import BreakGlassQuerySet, TherapistPatientQuerySet
from audit.states import OpenUntil
from therapybridge.core.crypto import keyed_hash
from therapybridge.core.errors import Conflict
from therapybridge.core.fields import EncryptedJSONField, EncryptedTextField
from therapybridge.core.models import BaseModel, one_of
from therapybridge.core.text import same_address


class PatientProfile(BaseModel):
    """What a practice knows about a patient besides the name; all of it encrypted.

    `email` is the contact address, not the sign-in address (User.email). It need not be unique, so that it reveals
    nothing about who else is known here. `email_index` makes it searchable.
    """

    patient = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="profile")
    email = EncryptedTextField(purpose="patient.email", null=True, blank=True)
    email_index = models.CharField(max_length=64, blank=True, default="", db_index=True, editable=False)
    date_of_birth = EncryptedTextField(purpose="patient.date_of_birth", null=True, blank=True)
    phone = EncryptedTextField(purpose="patient.phone", null=True, blank=True)
    address = EncryptedTextField(purpose="patient.address", null=True, blank=True)
    emergency_contact = EncryptedTextField(purpose="patient.emergency_contact", null=True, blank=True)
    medical_history = EncryptedTextField(purpose="patient.medical_history", null=True, blank=True)
    pronouns = EncryptedTextField(purpose="patient.pronouns", null=True, blank=True)
    diagnosis = EncryptedTextField(purpose="patient.diagnosis", null=True, blank=True)
    medication = EncryptedTextField(purpose="patient.medication", null=True, blank=True)
    safety_plan = EncryptedTextField(purpose="patient.safety_plan", null=True, blank=True)
    next_step = EncryptedTextField(purpose="patient.next_step", null=True, blank=True)
    tags = EncryptedJSONField(purpose="patient.tags", null=True, blank=True)
    # 1 or 0: whether 42 CFR Part 2 protects the record. That alone tells of a substance use disorder.
    is_part_2 = EncryptedJSONField(purpose="patient.is_part_2", null=True, blank=True)

    def __str__(self) -> str:
        return f"Profile {str(self.pk)[-8:]}"

    @staticmethod
    def index_of(address: str) -> str:
        """The `email_index` of an address; empty without one."""
        return keyed_hash("patient.email", same_address(address)) if address else ""

    @property
    def age(self) -> int | None:
        """Age in full years on the clinic's day; None if the date of birth is unknown."""
        if not self.date_of_birth:
            return None
        born, today = date.fromisoformat(self.date_of_birth), self.patient.clinic_day
        return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


class TherapistPatient(BaseModel):
    """A care relation; only an active one grants access, checked on every use."""

    Type = RelationType

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
            one_of("relationship_type", RelationType, "care_type"),
            models.CheckConstraint(condition=~models.Q(therapist=models.F("patient")), name="care_not_self"),
            models.CheckConstraint(condition=models.Q(is_active=False) | models.Q(ended_at=None), name="care_ended"),
        ]

    def __str__(self) -> str:
        return f"{self.get_relationship_type_display()} relation {str(self.pk)[-8:]}"


LONGEST = timedelta(hours=4)


class BreakGlassGrant(OpenUntil, BaseModel):
    """One therapist's emergency access to one patient's record."""

    Reason = Reason

    Verdict = Verdict

    NEXT = {"open": {"ended"}, "ended": set(), "expired": set()}
    ENDS = {"ended": "ended_at"}

    therapist = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="emergency_grants")
    patient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="emergency_accesses")
    reason = models.CharField(max_length=10, choices=Reason)
    justification = EncryptedTextField(purpose="break_glass.justification")
    started_at = models.DateTimeField(default=timezone.now)
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
            one_of("reason", Reason, "break_glass_reason"),
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

    def _lost(self) -> Exception:
        return Conflict("This access has already ended.", code="already_ended")

    @property
    def is_live(self) -> bool:
        """Whether it is live, for display only; access checks use the database's clock."""
        return self.state == self.OPEN

    @property
    def is_overdue(self) -> bool:
        """Whether the review is past its deadline."""
        return not self.verdict and self.review_due_at <= timezone.now()

    @property
    def over_at(self) -> datetime:
        """When the access ended or will end."""
        return min(self.ended_at or self.expires_at, self.expires_at)
