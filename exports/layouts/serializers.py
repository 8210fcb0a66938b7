"""Serializers for layouts."""

from typing import Any

from rest_framework import serializers

from exports.layouts import services
from exports.layouts.choices import Part
from therapybridge.core.api.serializers import BoundedListField, ComposedField, StrictSerializer, TidyField


class LayoutSerializer(serializers.Serializer[Any]):
    """A layout of documents of session notes; `revision` is its ETag."""

    id = serializers.UUIDField(read_only=True)
    name = serializers.CharField(read_only=True)
    letterhead = serializers.CharField(read_only=True)
    parts = serializers.ListField(child=serializers.ChoiceField(Part.choices), read_only=True)
    is_newest_first = serializers.BooleanField(read_only=True)
    shows_empty_fields = serializers.BooleanField(read_only=True)
    created_at = serializers.DateTimeField(read_only=True)
    updated_at = serializers.DateTimeField(read_only=True)
    revision = serializers.IntegerField(read_only=True)


class WriteLayoutSerializer(StrictSerializer):
    """A layout, or what is changed of one."""

    name = TidyField(max_length=services.MAX_NAME, help_text="Each name once in a clinic, whatever the case.")
    letterhead = ComposedField(
        required=False,
        allow_blank=True,
        max_length=services.MAX_LETTERHEAD,
        help_text="Stands below the name of the clinic: address, telephone, licence.",
    )
    parts = BoundedListField(
        child=serializers.ChoiceField(Part.choices),
        required=False,
        max_length=len(Part),
        help_text="What a document holds, in its order; `notes` are always in it.",
    )
    is_newest_first = serializers.BooleanField(required=False)
    shows_empty_fields = serializers.BooleanField(required=False)
