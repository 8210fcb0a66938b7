"""Serializers about recordings."""

from typing import Any

from rest_framework import serializers


class PlaybackLinkSerializer(serializers.Serializer[Any]):
    """An address at which a player gets the recording without a token, until `expires_at` or the sign-out."""

    url = serializers.URLField(read_only=True)
    expires_at = serializers.DateTimeField(read_only=True)
