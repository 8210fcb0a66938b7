"""Serializers for private notes."""

from typing import Any

from rest_framework import serializers

from sessions_app.notes.services.private import MAX_PRIVATE
from therapybridge.core.api.serializers import ComposedField, StrictSerializer


class PrivateNoteSerializer(serializers.Serializer[Any]):
    """A private note; `revision` is its ETag."""

    id = serializers.UUIDField(read_only=True)
    patient_id = serializers.UUIDField(read_only=True)
    session_id = serializers.UUIDField(read_only=True, allow_null=True)
    text = serializers.CharField(read_only=True)
    revision = serializers.IntegerField(read_only=True)
    created_at = serializers.DateTimeField(read_only=True)
    updated_at = serializers.DateTimeField(read_only=True)


class SavePrivateNoteSerializer(StrictSerializer):
    """The new text of a private note."""

    text = ComposedField(max_length=MAX_PRIVATE)


class WritePrivateNoteSerializer(SavePrivateNoteSerializer):
    """A new private note, on one of the patient's sessions or on none."""

    session = serializers.UUIDField(required=False, allow_null=True)
