"""Serializers for patients and emergency access."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from rest_framework import serializers

from accounts.care.services.emergency import (
    LOOKUP_FIELDS,
    MAX_HOURS,
    MAX_JUSTIFICATION,
    MAX_NOTE,
    MIN_JUSTIFICATION,
    Lookup,
)
from accounts.identity.models import validate_time_zone
from accounts.models import BreakGlassGrant
from therapybridge.core.api.serializers import (
    AddressField,
    BoundedListField,
    ComposedField,
    StrictSerializer,
    TidyField,
    TidyLinesField,
)

EARLIEST_BIRTH = date(1900, 1, 1)


class BirthDateField(serializers.DateField):
    """An ISO date from 1900 to today, anywhere; stored as encrypted text. The service knows the clinic's day."""

    def to_internal_value(self, value: Any) -> date:
        """Accept dates from 1900 on that have begun in some time zone."""
        born = super().to_internal_value(value)
        if not EARLIEST_BIRTH <= born <= timezone.now().date() + timedelta(days=1):
            raise serializers.ValidationError("Enter a valid date of birth.")
        return born


class FlagField(serializers.BooleanField):
    """Whether something is so; what was never said is not."""

    def get_attribute(self, instance: Any) -> bool:
        """True or false."""
        return bool(super().get_attribute(instance))


class PatientRowSerializer(serializers.Serializer[Any]):
    """A patient in a list."""

    id = serializers.UUIDField(read_only=True)
    first_name = serializers.CharField(read_only=True)
    last_name = serializers.CharField(read_only=True)
    full_name = serializers.CharField(read_only=True)
    email = serializers.EmailField(source="profile.email", read_only=True, allow_null=True, default=None)
    date_of_birth = serializers.DateField(source="profile.date_of_birth", read_only=True, allow_null=True, default=None)
    created_at = serializers.DateTimeField(read_only=True)
    updated_at = serializers.DateTimeField(read_only=True)


class PatientSerializer(StrictSerializer):
    """A patient with their profile, as they see it themselves."""

    id = serializers.UUIDField(read_only=True)
    first_name = TidyField(max_length=100)
    last_name = TidyField(max_length=100, allow_blank=True, required=False)
    full_name = serializers.CharField(read_only=True)
    email = AddressField(source="profile.email", max_length=254, allow_null=True, required=False)
    time_zone = serializers.CharField(max_length=64, allow_blank=True, required=False, validators=[validate_time_zone])
    date_of_birth = BirthDateField(source="profile.date_of_birth", allow_null=True, required=False)
    phone = TidyField(source="profile.phone", allow_blank=True, max_length=50, allow_null=True, required=False)
    address = TidyLinesField(
        source="profile.address", allow_blank=True, max_length=500, allow_null=True, required=False
    )
    emergency_contact = TidyLinesField(
        source="profile.emergency_contact", allow_blank=True, max_length=500, allow_null=True, required=False
    )
    pronouns = TidyField(source="profile.pronouns", allow_blank=True, max_length=50, allow_null=True, required=False)
    created_at = serializers.DateTimeField(read_only=True)
    updated_at = serializers.DateTimeField(read_only=True)


class ClinicianPatientSerializer(PatientSerializer):
    """A patient as the treating therapist sees it."""

    diagnosis = ComposedField(
        source="profile.diagnosis", allow_blank=True, max_length=1_000, allow_null=True, required=False
    )
    medication = ComposedField(
        source="profile.medication", allow_blank=True, max_length=1_000, allow_null=True, required=False
    )
    safety_plan = ComposedField(
        source="profile.safety_plan", allow_blank=True, max_length=5_000, allow_null=True, required=False
    )
    next_step = ComposedField(
        source="profile.next_step", allow_blank=True, max_length=500, allow_null=True, required=False
    )

    medical_history = ComposedField(
        source="profile.medical_history", allow_blank=True, max_length=20_000, allow_null=True, required=False
    )
    tags = BoundedListField(
        source="profile.tags",
        child=ComposedField(max_length=50),
        max_length=30,
        allow_null=True,
        required=False,
    )
    is_part_2 = FlagField(source="profile.is_part_2", required=False)


class EmergencyAccessSerializer(serializers.Serializer[Any]):
    """An emergency access; `justification` and `review_note` are null for anyone but therapists."""

    id = serializers.UUIDField(read_only=True)
    patient_id = serializers.UUIDField(read_only=True)
    therapist_id = serializers.UUIDField(read_only=True)
    reason = serializers.ChoiceField(choices=BreakGlassGrant.Reason.choices, read_only=True)
    justification = serializers.SerializerMethodField()
    started_at = serializers.DateTimeField(read_only=True)
    expires_at = serializers.DateTimeField(read_only=True)
    ended_at = serializers.DateTimeField(read_only=True, allow_null=True)
    is_live = serializers.BooleanField(read_only=True)
    review_due_at = serializers.DateTimeField(read_only=True)
    is_overdue = serializers.BooleanField(read_only=True)
    verdict = serializers.CharField(read_only=True)
    reviewed_by_id = serializers.UUIDField(read_only=True, allow_null=True)
    reviewed_at = serializers.DateTimeField(read_only=True, allow_null=True)
    review_note = serializers.SerializerMethodField()

    def get_justification(self, grant: BreakGlassGrant) -> str | None:
        """Null for administrators: the text may mention the patient."""
        return grant.justification if self._is_for_therapist() else None

    def get_review_note(self, grant: BreakGlassGrant) -> str | None:
        """Null for administrators."""
        return grant.review_note if self._is_for_therapist() else None

    def _is_for_therapist(self) -> bool:
        return bool(self.context["reader"].is_therapist)


class OpenEmergencySerializer(StrictSerializer):
    """The patient (by id, or by full name and date of birth), the reason and the number of hours."""

    patient_id = serializers.UUIDField(required=False)
    first_name = TidyField(required=False, max_length=100)
    last_name = TidyField(required=False, max_length=100, allow_blank=True)
    date_of_birth = BirthDateField(required=False)
    reason = serializers.ChoiceField(choices=BreakGlassGrant.Reason.choices)
    justification = ComposedField(min_length=MIN_JUSTIFICATION, max_length=MAX_JUSTIFICATION)
    hours = serializers.IntegerField(required=False, default=1, min_value=1, max_value=MAX_HOURS)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Require either an id, or a full name with the date of birth."""
        if not attrs.get("patient_id") and not (attrs.get("first_name") and attrs.get("date_of_birth")):
            raise serializers.ValidationError("Send first_name, last_name and date_of_birth, or patient_id.")
        return super().validate(attrs)

    @property
    def lookup(self) -> Lookup:
        """The patient, as `find_patient` expects."""
        given = self.validated_data
        return Lookup(**{name: given[name] for name in LOOKUP_FIELDS if name in given})

    @property
    def terms(self) -> dict[str, Any]:
        """Reason, justification and hours."""
        return {name: self.validated_data[name] for name in ("reason", "justification", "hours")}


class ReviewEmergencySerializer(StrictSerializer):
    """The verdict on an emergency access."""

    verdict = serializers.ChoiceField(choices=BreakGlassGrant.Verdict.choices)
    note = ComposedField(required=False, allow_blank=True, max_length=MAX_NOTE)
