"""Shapes of the browsers and devices that a person is signed in with."""

from typing import Any

from rest_framework import serializers

from accounts.access import auth_session
from accounts.models import AuthSession
from accounts.serializers.strict import StrictSerializer


class DeviceSerializer(serializers.Serializer[Any]):
    """One browser or device; `is_current` is the one that asks."""

    id = serializers.UUIDField(read_only=True)
    kind = serializers.ChoiceField(choices=AuthSession.Kind.choices, read_only=True)
    device = serializers.CharField(read_only=True)
    ip = serializers.IPAddressField(read_only=True, allow_null=True)
    created_at = serializers.DateTimeField(read_only=True)
    last_used_at = serializers.DateTimeField(read_only=True)
    expires_at = serializers.DateTimeField(read_only=True)
    is_current = serializers.SerializerMethodField()

    def get_is_current(self, session: AuthSession) -> bool:
        """Whether it asks."""
        own = auth_session(self.context["request"])
        return own is not None and own.pk == session.pk


class PasswordSerializer(StrictSerializer):
    """The password, once more."""

    password = serializers.CharField(max_length=1024, trim_whitespace=False, write_only=True)
