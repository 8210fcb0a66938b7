"""Serializers for people, signing up and invitations."""

from typing import Any

from rest_framework import serializers
from rest_framework.response import Response

from accounts.identity.models import validate_time_zone
from accounts.identity.services.registration import SENT
from accounts.models import User
from therapybridge.core.api.serializers import AddressField, StrictSerializer, TidyField
from therapybridge.core.text import validate_no_link


class ClinicSerializer(serializers.Serializer[Any]):
    """A clinic, as its people see it."""

    id = serializers.UUIDField(read_only=True)
    name = serializers.CharField(read_only=True)
    time_zone = serializers.CharField(read_only=True)


class MeSerializer(StrictSerializer):
    """The current user; names and time zone can be changed."""

    id = serializers.UUIDField(read_only=True)
    email = serializers.EmailField(read_only=True, allow_null=True)
    first_name = TidyField(max_length=100)
    last_name = TidyField(max_length=100, allow_blank=True)
    full_name = serializers.CharField(read_only=True)
    role = serializers.ChoiceField(choices=User.Role.choices, read_only=True)
    clinic = ClinicSerializer(read_only=True, allow_null=True)
    time_zone = serializers.CharField(max_length=64, allow_blank=True, validators=[validate_time_zone])


SECRET_LENGTH = 600
COLLEAGUES = [User.Role.THERAPIST.value, User.Role.ADMIN.value]
STATES = ["open", "accepted", "revoked", "expired"]


class NewPasswordField(serializers.CharField):
    """A new password; spaces are kept, and a service checks its quality."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=1024, trim_whitespace=False, write_only=True, **kwargs)


class SentSerializer(serializers.Serializer[Any]):
    """The same answer whether or not an address is known."""

    detail = serializers.CharField(read_only=True)


class SignUpSerializer(StrictSerializer):
    """A therapist and their new clinic; a role cannot be chosen."""

    first_name = TidyField(max_length=100)
    last_name = TidyField(max_length=100, allow_blank=True, default="")
    clinic_name = TidyField(max_length=200, validators=[validate_no_link])
    time_zone = serializers.CharField(max_length=64, validators=[validate_time_zone])
    email = AddressField(max_length=254)
    password = NewPasswordField()


class VerifyEmailSerializer(StrictSerializer):
    """The last part of the link in the e-mail."""

    token = serializers.CharField(max_length=SECRET_LENGTH, write_only=True)


class InvitationSerializer(serializers.Serializer[Any]):
    """An invitation; its secret is sent only to the address."""

    id = serializers.UUIDField(read_only=True)
    email = serializers.EmailField(read_only=True)
    role = serializers.ChoiceField(choices=User.Role.choices, read_only=True)
    patient = serializers.UUIDField(source="patient_id", read_only=True, allow_null=True)
    invited_by = serializers.UUIDField(source="invited_by_id", read_only=True, allow_null=True)
    state = serializers.ChoiceField(choices=STATES, read_only=True)
    expires_at = serializers.DateTimeField(read_only=True)
    created_at = serializers.DateTimeField(read_only=True)


class InviteSerializer(StrictSerializer):
    """Invites a patient of the therapist, or a colleague in a role."""

    email = AddressField(max_length=254)
    patient = serializers.UUIDField(required=False)
    role = serializers.ChoiceField(choices=COLLEAGUES, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Require either a patient or a role."""
        if ("patient" in attrs) == ("role" in attrs):
            raise serializers.ValidationError("Send either a patient or a role.")
        return super().validate(attrs)


class AcceptSerializer(StrictSerializer):
    """The last part of the link; names and time zone are for colleagues and ignored for patients."""

    secret = serializers.CharField(max_length=SECRET_LENGTH, write_only=True)
    password = NewPasswordField()
    first_name = TidyField(max_length=100, required=False)
    last_name = TidyField(max_length=100, allow_blank=True, required=False)
    time_zone = serializers.CharField(max_length=64, required=False, validators=[validate_time_zone])


def sent_response() -> Response:
    """The same response whether or not an address is known."""
    return Response(SentSerializer({"detail": SENT}).data, status=202)
