"""Bodies of signing in."""

from typing import Any

from rest_framework import serializers

from accounts.serializers.people import MeSerializer


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
