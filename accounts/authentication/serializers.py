"""Shapes of the browsers and devices that a person is signed in with."""

from typing import Any

from rest_framework import serializers

from accounts.access import auth_session
from accounts.identity.serializers import SECRET_LENGTH, MeSerializer, NewPasswordField
from accounts.models import AuthSession
from therapybridge.core.api.serializers import StrictSerializer


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


class AskResetSerializer(StrictSerializer):
    """Which account."""

    email = serializers.EmailField(max_length=254)


class ResetSerializer(StrictSerializer):
    """The last two parts of the link in the letter, and the new password."""

    user = serializers.UUIDField()
    token = serializers.CharField(max_length=SECRET_LENGTH, write_only=True)
    password = NewPasswordField()


class ChangePasswordSerializer(StrictSerializer):
    """The present password, and the one to come."""

    current_password = serializers.CharField(max_length=1024, trim_whitespace=False, write_only=True)
    new_password = NewPasswordField()


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
