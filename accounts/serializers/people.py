"""Shapes of people and consent in the API; the rules are in services."""

from datetime import date
from typing import Any

from django.utils import timezone
from rest_framework import serializers

from accounts.models import User
from accounts.models.clinic import validate_time_zone
from accounts.serializers.strict import StrictSerializer

EARLIEST_BIRTH = date(1900, 1, 1)


class ClinicSerializer(serializers.Serializer[Any]):
    """The clinic as its people see it."""

    id = serializers.UUIDField(read_only=True)
    name = serializers.CharField(read_only=True)
    time_zone = serializers.CharField(read_only=True)


class MeSerializer(StrictSerializer):
    """Who is signed in; names and time zone can be changed."""

    id = serializers.UUIDField(read_only=True)
    email = serializers.EmailField(read_only=True, allow_null=True)
    first_name = serializers.CharField(max_length=100)
    last_name = serializers.CharField(max_length=100, allow_blank=True)
    full_name = serializers.CharField(read_only=True)
    role = serializers.ChoiceField(choices=User.Role.choices, read_only=True)
    clinic = ClinicSerializer(read_only=True, allow_null=True)
    time_zone = serializers.CharField(max_length=64, allow_blank=True, validators=[validate_time_zone])


class BirthDateField(serializers.DateField):
    """An ISO date between 1900 and today; stored as encrypted text."""

    def to_internal_value(self, value: Any) -> date:
        """A plausible date of birth."""
        born = super().to_internal_value(value)
        if not EARLIEST_BIRTH <= born <= timezone.now().date():
            raise serializers.ValidationError("This is not a date of birth.")
        return born


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
    """A patient with the profile, as patients themselves see it."""

    id = serializers.UUIDField(read_only=True)
    first_name = serializers.CharField(max_length=100)
    last_name = serializers.CharField(max_length=100, allow_blank=True, required=False)
    full_name = serializers.CharField(read_only=True)
    email = serializers.EmailField(source="profile.email", max_length=254, allow_null=True, required=False)
    time_zone = serializers.CharField(max_length=64, allow_blank=True, required=False, validators=[validate_time_zone])
    date_of_birth = BirthDateField(source="profile.date_of_birth", allow_null=True, required=False)
    phone = serializers.CharField(
        source="profile.phone", allow_blank=True, max_length=50, allow_null=True, required=False
    )
    address = serializers.CharField(
        source="profile.address", allow_blank=True, max_length=500, allow_null=True, required=False
    )
    emergency_contact = serializers.CharField(
        source="profile.emergency_contact", allow_blank=True, max_length=500, allow_null=True, required=False
    )
    created_at = serializers.DateTimeField(read_only=True)
    updated_at = serializers.DateTimeField(read_only=True)


class ClinicianPatientSerializer(PatientSerializer):
    """A patient as the treating therapist sees it."""

    medical_history = serializers.CharField(
        source="profile.medical_history", allow_blank=True, max_length=20_000, allow_null=True, required=False
    )
    tags = serializers.ListField(
        source="profile.tags",
        child=serializers.CharField(max_length=50),
        max_length=30,
        allow_null=True,
        required=False,
    )
