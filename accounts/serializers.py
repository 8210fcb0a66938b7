"""Shapes of people and consent in the API; the rules are in services."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import timezone
from rest_framework import serializers

from accounts.models import ConsentEntry, User
from accounts.models.clinic import validate_time_zone
from therapybridge.core.moments import validate_moment

EARLIEST_BIRTH = date(1900, 1, 1)


class StrictSerializer(serializers.Serializer[Any]):
    """Refuses names it does not know: a misspelt field, or an attempt to set a role, must not pass in silence."""

    def to_internal_value(self, data: Any) -> Any:
        """Validated values; every name that cannot be written is an error of its own."""
        if isinstance(data, Mapping):
            writable = {name for name, field in self.fields.items() if not field.read_only}
            unknown = {str(name): ["This field cannot be set."] for name in data if name not in writable}
            if unknown:
                raise serializers.ValidationError(unknown)
        return super().to_internal_value(data)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A PATCH must change something."""
        if self.partial and not attrs:
            raise serializers.ValidationError("Name at least one field to change.")
        return attrs


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


class SignInSerializer(serializers.Serializer[Any]):
    """Credentials."""

    email = serializers.EmailField(max_length=254, write_only=True)
    password = serializers.CharField(max_length=1024, trim_whitespace=False, write_only=True)


class RefreshSerializer(serializers.Serializer[Any]):
    """A refresh token to trade or to revoke."""

    refresh_token = serializers.CharField(max_length=4096, write_only=True)


class TokenPairSerializer(serializers.Serializer[Any]):
    """What a device keeps; `expires_in` in seconds."""

    access_token = serializers.CharField(read_only=True)
    refresh_token = serializers.CharField(read_only=True)
    token_type = serializers.CharField(read_only=True)
    expires_in = serializers.IntegerField(read_only=True)
    user = MeSerializer(read_only=True)


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
    email = serializers.EmailField(read_only=True, allow_null=True)
    date_of_birth = serializers.DateField(source="profile.date_of_birth", read_only=True, allow_null=True, default=None)
    created_at = serializers.DateTimeField(read_only=True)
    updated_at = serializers.DateTimeField(read_only=True)


class PatientSerializer(StrictSerializer):
    """A patient with the profile, as patients themselves see it."""

    id = serializers.UUIDField(read_only=True)
    first_name = serializers.CharField(max_length=100)
    last_name = serializers.CharField(max_length=100, allow_blank=True, required=False)
    full_name = serializers.CharField(read_only=True)
    email = serializers.EmailField(max_length=254, allow_null=True, required=False)
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


class ConsentSerializer(serializers.Serializer[Any]):
    """An entry of the ledger."""

    id = serializers.UUIDField(read_only=True)
    consent_type = serializers.ChoiceField(choices=ConsentEntry.Type.choices, read_only=True)
    status = serializers.ChoiceField(choices=ConsentEntry.Status.choices, read_only=True)
    method = serializers.ChoiceField(choices=ConsentEntry.Method.choices, read_only=True)
    version = serializers.CharField(read_only=True)
    text = serializers.CharField(read_only=True)
    recorded_by = serializers.UUIDField(source="recorded_by_id", read_only=True, allow_null=True)
    expires_at = serializers.DateTimeField(read_only=True, allow_null=True)
    created_at = serializers.DateTimeField(read_only=True)


class RecordedConsentSerializer(serializers.Serializer[Any]):
    """The entries that one decision made."""

    results = ConsentSerializer(many=True, read_only=True)


class RecordConsentSerializer(StrictSerializer):
    """One decision about one or more types of consent."""

    types = serializers.ListField(
        child=serializers.ChoiceField(choices=ConsentEntry.Type.choices), allow_empty=False, max_length=10
    )
    status = serializers.ChoiceField(choices=ConsentEntry.Status.choices)
    method = serializers.ChoiceField(choices=ConsentEntry.Method.choices)
    expires_at = serializers.DateTimeField(required=False, allow_null=True, validators=[validate_moment])
