"""Serializers for signing in, tokens, passwords and devices."""

from typing import Any

from rest_framework import serializers
from rest_framework.response import Response

from accounts.authentication.services.tokens import TokenPair
from accounts.identity.serializers import SECRET_LENGTH, MeSerializer, NewPasswordField
from accounts.models import AuthSession
from accounts.second_factor.serializers import DeviceNameField
from therapybridge.core.actor import actor_of
from therapybridge.core.api.serializers import AddressField, StrictSerializer


class DeviceSerializer(serializers.Serializer[Any]):
    """One browser or device; `is_current` marks the one that sent the request."""

    id = serializers.UUIDField(read_only=True)
    kind = serializers.ChoiceField(choices=AuthSession.Kind.choices, read_only=True)
    device = serializers.CharField(read_only=True, help_text="What the program says of itself.")
    device_name = serializers.CharField(read_only=True, help_text="What its user calls it; empty if that was not told.")
    ip = serializers.IPAddressField(read_only=True, allow_null=True)
    created_at = serializers.DateTimeField(read_only=True)
    last_used_at = serializers.DateTimeField(read_only=True)
    expires_at = serializers.DateTimeField(read_only=True)
    is_current = serializers.SerializerMethodField()

    def get_is_current(self, session: AuthSession) -> bool:
        own = actor_of(self.context["request"]).auth_session
        return own is not None and own.pk == session.pk


class PasswordSerializer(StrictSerializer):
    """Confirms an operation with the password."""

    password = serializers.CharField(max_length=1024, trim_whitespace=False, write_only=True)


class AskResetSerializer(StrictSerializer):
    """The account whose password was forgotten."""

    email = AddressField(max_length=254)


class ResetSerializer(StrictSerializer):
    """The last two parts of the link in the e-mail, and the new password."""

    user = serializers.UUIDField()
    token = serializers.CharField(max_length=SECRET_LENGTH, write_only=True)
    password = NewPasswordField()


class ChangePasswordSerializer(StrictSerializer):
    """Changes the password, given the current one."""

    current_password = serializers.CharField(max_length=1024, trim_whitespace=False, write_only=True)
    new_password = NewPasswordField()


class SignInSerializer(StrictSerializer):
    """E-mail and password of a sign-in."""

    email = AddressField(max_length=254, write_only=True)
    password = serializers.CharField(max_length=1024, trim_whitespace=False, write_only=True)
    device_name = DeviceNameField()


class RefreshSerializer(StrictSerializer):
    """A refresh token to exchange."""

    refresh_token = serializers.CharField(max_length=4096, write_only=True)


class TokenPairSerializer(serializers.Serializer[Any]):
    """The tokens that a device stores; `expires_in` is in seconds."""

    access_token = serializers.CharField(read_only=True)
    refresh_token = serializers.CharField(read_only=True)
    token_type = serializers.CharField(read_only=True)
    expires_in = serializers.IntegerField(read_only=True)
    user = MeSerializer(read_only=True)


def pair_response(pair: TokenPair) -> Response:
    """Serialize a token pair for the response."""
    return Response(TokenPairSerializer(pair).data)
