"""Clinics, which everything belongs to, their people, and invitations."""

import zoneinfo
from datetime import date
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from accounts.identity.choices import Role
from accounts.identity.querysets import InvitationQuerySet, UserManager
from audit.states import OpenUntil
from therapybridge.core.crypto import keyed_hash
from therapybridge.core.errors import Conflict
from therapybridge.core.fields import EncryptedTextField, FoldedNameField, SortNameField
from therapybridge.core.models import BaseModel, one_of
from therapybridge.core.text import same_address, squeezed, validate_address, validate_no_link, validate_visible

# The tz database also has entries that are not places, such as Factory, localtime or Etc/GMT+5.
AREAS = ("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


@cache
def time_zones() -> frozenset[str]:
    """Time zone names that people may choose: UTC and those of places."""
    places = (name for name in zoneinfo.available_timezones() if name.partition("/")[0] in AREAS and "/" in name)
    return frozenset({"UTC", *places})


def validate_time_zone(name: str) -> None:
    """Reject anything but UTC and the IANA names of places."""
    if name not in time_zones():
        raise ValidationError("Enter a time zone such as Europe/Berlin.")


def _hours(default: int, meaning: str) -> "models.PositiveSmallIntegerField[int, int]":
    """From an hour to a week."""
    return models.PositiveSmallIntegerField(
        default=default, validators=[MinValueValidator(1), MaxValueValidator(7 * 24)], help_text=meaning
    )


class Clinic(BaseModel):
    """A practice; a therapist working alone is a clinic of one."""

    name = models.CharField(max_length=200, validators=[validate_visible, validate_no_link])
    time_zone = models.CharField(max_length=64, default="UTC", validators=[validate_time_zone])
    jurisdiction = models.CharField(max_length=10, blank=True, help_text="For example US-IL or DE.")
    external_ai_allowed = models.BooleanField(default=True)
    emotion_inference = models.BooleanField(default=True)
    show_access_log = models.BooleanField(default=True, help_text="Patients see who opened their record.")
    several_active_plans = models.BooleanField(
        default=False, help_text="A patient may have more than one active treatment plan."
    )
    risk_review_hours = _hours(24, "Hours within which a line listed as possible risk is reviewed.")
    grave_risk_review_hours = _hours(4, "The same for a line of high severity.")

    storage_quota_gb = models.PositiveIntegerField(
        "storage quota (GB)",
        null=True,
        blank=True,
        help_text="How much the practice's recordings and files may take. Empty: as for all practices; 0: no limit.",
    )

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def today(self) -> date:
        """The clinic's day, whose calendar dates without a time belong to."""
        return timezone.localdate(timezone=zoneinfo.ZoneInfo(self.time_zone))


class User(BaseModel, AbstractBaseUser, PermissionsMixin):
    """A person of a clinic; a patient without portal access may have no e-mail and no usable password."""

    Role = Role

    clinic = models.ForeignKey(Clinic, null=True, blank=True, on_delete=models.PROTECT, related_name="users")
    # Absent means NULL: two people without an address must not collide in the unique index.
    email = models.EmailField(null=True, blank=True, validators=[validate_address])  # noqa: DJ001
    first_name = models.CharField(max_length=100, validators=[validate_visible])
    last_name = models.CharField(max_length=100, blank=True, validators=[validate_visible])
    # Names are not encrypted, since lists are sorted and searched by them; neither are these forms of them.
    folded_name = FoldedNameField(of=["first_name", "last_name"])
    sort_name = SortNameField(of=["first_name", "last_name"])
    role = models.CharField(max_length=10, choices=Role, default=Role.PATIENT)
    time_zone = models.CharField(max_length=64, blank=True, validators=[validate_time_zone])
    is_active = models.BooleanField(default=True)
    is_verified = models.BooleanField(default=False)

    objects = UserManager()

    # What Django saves at sign-in, the hash if its parameters are new, ends no link and is no one's edit of a patient.
    QUIET = frozenset({"last_login", "password"})
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["first_name"]

    class Meta:
        ordering = ["sort_name", "id"]
        indexes = [
            models.Index(fields=["clinic", "role", "sort_name", "id"], name="user_clinic_sorted"),
        ]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_unique",
                violation_error_message="Someone with this e-mail address already exists.",
            ),
            one_of("role", Role, "user_role"),
            models.CheckConstraint(
                condition=models.Q(clinic__isnull=False) | models.Q(is_superuser=True), name="user_clinic"
            ),
        ]

    def __str__(self) -> str:
        # The admin site shows this everywhere, so it must not contain a patient's name or address.
        return f"{self.get_role_display()} {str(self.pk)[-8:]}"

    def clean(self) -> None:
        """Store a missing e-mail as NULL: two people without one must not collide."""
        super().clean()
        self.email = same_address(self.email) or None

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store names in NFC with single spaces, and the e-mail in its one form or as NULL."""
        self.email = same_address(self.email) or None
        self.first_name, self.last_name = squeezed(self.first_name), squeezed(self.last_name)
        if {"first_name", "last_name"} & set(kwargs.get("update_fields") or ()):
            kwargs["update_fields"] = {*kwargs["update_fields"], "folded_name", "sort_name"}
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
        """Whether the person may use the admin site."""
        return self.is_clinic_admin or self.is_superuser

    @property
    def missing_for_recording(self) -> list[str]:
        """Labels of the consents that a recording still needs; one query."""
        return [str(needed.label) for needed in self.consents.missing_for_recording()]

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """The person's time zone, else the clinic's, else UTC."""
        return zoneinfo.ZoneInfo(self.time_zone) if self.time_zone else self.clinic_zone

    @property
    def own_day(self) -> date:
        """Which day it is for the person; for due dates see `clinic_day`."""
        return timezone.localdate(timezone=self.zone)

    @property
    def clinic_zone(self) -> zoneinfo.ZoneInfo:
        """The clinic's time zone, in which days without a time are counted."""
        return zoneinfo.ZoneInfo((self.clinic.time_zone if self.clinic else "") or "UTC")

    @property
    def clinic_day(self) -> date:
        """Which day it is at the clinic, for ages and due dates: neither the reader's nor the server's."""
        return self.clinic.today if self.clinic else timezone.localdate(timezone=self.clinic_zone)

    @property
    def locale(self) -> str:
        """Which form of dates the person reads: that of the clinic's country."""
        return "en-us" if self.clinic and self.clinic.jurisdiction.upper().startswith("US") else "en"


class InvitationEnded(Conflict):
    """The invitation was accepted or revoked, or has expired."""

    def __init__(self) -> None:
        super().__init__("This invitation is no longer valid.")


class Invitation(OpenUntil, BaseModel):
    """Invites one address to join. The link's secret is stored as a hash, the address encrypted with a blind index."""

    NEXT = {"open": {"accepted", "revoked"}, "accepted": set(), "revoked": set(), "expired": set()}
    ENDS = {"accepted": "accepted_at", "revoked": "revoked_at"}

    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=10, choices=User.Role)
    email = EncryptedTextField(purpose="invitation.email")
    email_index = models.CharField(max_length=64)
    patient = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="invitations"
    )
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
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
            one_of("role", Role, "invitation_role"),
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

    def _lost(self) -> InvitationEnded:
        return InvitationEnded()

    @staticmethod
    def index_of(address: str) -> str:
        """The `email_index` of an address."""
        return keyed_hash("invitation.email", same_address(address))
