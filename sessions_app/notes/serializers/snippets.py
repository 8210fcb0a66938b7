"""Serializers for text snippets."""

from typing import Any

from rest_framework import serializers

from sessions_app.notes.services.snippets import MAX_SNIPPET_NAME, MAX_SNIPPET_TEXT
from therapybridge.core.api.serializers import ComposedField, StrictSerializer, TidyField


class SnippetSerializer(serializers.Serializer[Any]):
    """A text snippet; `revision` is its ETag."""

    id = serializers.UUIDField(read_only=True)
    name = serializers.CharField(read_only=True)
    text = serializers.CharField(read_only=True)
    revision = serializers.IntegerField(read_only=True)
    created_at = serializers.DateTimeField(read_only=True)
    updated_at = serializers.DateTimeField(read_only=True)


class WriteSnippetSerializer(StrictSerializer):
    """A text snippet, or what is changed of one."""

    name = TidyField(max_length=MAX_SNIPPET_NAME, help_text="Each name once, whatever the case.")
    text = ComposedField(max_length=MAX_SNIPPET_TEXT)
