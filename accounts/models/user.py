"""One person, one row: therapists, patients and clinic staff sign in through the same model."""

import zoneinfo
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower

from accounts.models.clinic import Clinic, validate_time_zone
from accounts.querysets import UserManager
from therapybridge.core.models import BaseModel


class User(BaseModel, AbstractBaseUser, PermissionsMixin):
    """A person of a clinic; a patient without portal access may have no e-mail and no usable password."""

    class Role(models.TextChoices):
        """What a person is here."""

        THERAPIST = "therapist"
        PATIENT = "patient"
        ADMIN = "admin"

    clinic = models.ForeignKey(Clinic, null=True, blank=True, on_delete=models.PROTECT, related_name="users")
    # Absent means NULL: two people without an address must not collide in the unique index.
    email = models.EmailField(null=True, blank=True)  # noqa: DJ001
    first_name = models.CharField(max_length=100)
    last_name = models.CharField(max_length=100, blank=True)
    role = models.CharField(max_length=10, choices=Role, default=Role.PATIENT)
    time_zone = models.CharField(max_length=64, blank=True, validators=[validate_time_zone])
    is_active = models.BooleanField(default=True)
    is_verified = models.BooleanField(default=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["first_name"]

    class Meta:
        ordering = ["last_name", "first_name", "id"]
        indexes = [models.Index(fields=["clinic", "role", "last_name", "first_name"], name="user_clinic_role")]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_unique",
                violation_error_message="Someone with this e-mail address exists already.",
            ),
            models.CheckConstraint(condition=models.Q(role__in=["therapist", "patient", "admin"]), name="user_role"),
            models.CheckConstraint(
                condition=models.Q(clinic__isnull=False) | models.Q(is_superuser=True), name="user_clinic"
            ),
        ]

    def __str__(self) -> str:
        # The admin site prints this everywhere; a patient's name or address is not for its pages.
        return f"{self.get_role_display()} {str(self.pk)[-8:]}"

    def clean(self) -> None:
        """Store no empty e-mail: two people without one must not collide."""
        super().clean()
        self.email = (self.email or "").strip().lower() or None

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the e-mail lower-case or absent."""
        self.email = (self.email or "").strip().lower() or None
        super().save(*args, **kwargs)

    @property
    def full_name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def is_therapist(self) -> bool:
        """Whether this person treats patients."""
        return self.role == self.Role.THERAPIST

    @property
    def is_patient(self) -> bool:
        """Whether this person is treated here."""
        return self.role == self.Role.PATIENT

    @property
    def is_clinic_admin(self) -> bool:
        """Whether this person runs the clinic's accounts."""
        return self.role == self.Role.ADMIN

    @property
    def is_staff(self) -> bool:
        """Whether the admin site opens."""
        return self.is_clinic_admin or self.is_superuser

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """The person's time zone, else the clinic's, else UTC."""
        return zoneinfo.ZoneInfo(self.time_zone or (self.clinic.time_zone if self.clinic else "") or "UTC")
