"""Serializers for second factors and step-up."""

from typing import Any

from rest_framework import serializers

from therapybridge.core.api.serializers import StrictSerializer, TidyField

MAX_CODE = 20
MAX_DEVICE_NAME = 60


class DeviceNameField(TidyField):
    """What the user calls the device, for their list of devices; sent with the request that returns the tokens."""

    def __init__(self, **options: Any) -> None:
        told = "Shown in the list of devices. With a second factor, send it along with the code."
        super().__init__(
            required=False, default="", allow_blank=True, max_length=MAX_DEVICE_NAME, help_text=told, **options
        )


class ChallengeSerializer(serializers.Serializer[Any]):
    """The password was correct: send the challenge with a code within five minutes to get a token pair."""

    mfa_required = serializers.BooleanField(read_only=True, default=True)
    challenge = serializers.CharField(read_only=True)
    methods = serializers.ListField(child=serializers.ChoiceField(choices=["totp", "recovery_codes"]), read_only=True)


class AnswerSerializer(StrictSerializer):
    """A challenge and a code."""

    challenge = serializers.CharField(max_length=1024, write_only=True)
    code = serializers.CharField(max_length=MAX_CODE, write_only=True)
    device_name = DeviceNameField()


class StepUpSerializer(StrictSerializer):
    """A proof of identity: the password or a code."""

    password = serializers.CharField(max_length=1024, trim_whitespace=False, write_only=True, required=False)
    code = serializers.CharField(max_length=MAX_CODE, write_only=True, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Require exactly one of them."""
        if len(attrs) != 1:
            raise serializers.ValidationError("Send either `password` or `code`.")
        return attrs
