"""Serializers for templates of notes."""

from typing import Any

from rest_framework import serializers

from sessions_app.models import NoteTemplate
from sessions_app.notes.serializers.definition import DefinitionField
from sessions_app.notes.services.templates import MAX_DESCRIPTION, MAX_NAME
from therapybridge.core.api.serializers import ComposedField, StrictSerializer, TidyField


class TemplateRowSerializer(serializers.Serializer[Any]):
    """A template in a list; `usage` counts the notes of the reader's clinic that were written with it."""

    id = serializers.UUIDField(read_only=True)
    key = serializers.CharField(read_only=True)
    name = serializers.CharField(read_only=True)
    description = serializers.CharField(read_only=True)
    is_system = serializers.BooleanField(read_only=True)
    is_shared = serializers.BooleanField(read_only=True)
    is_own = serializers.SerializerMethodField()
    usage = serializers.IntegerField(read_only=True)
    archived_at = serializers.DateTimeField(read_only=True, allow_null=True)
    created_at = serializers.DateTimeField(read_only=True)
    updated_at = serializers.DateTimeField(read_only=True)

    def get_is_own(self, template: NoteTemplate) -> bool:
        """Whether the reader made it, and so may change it."""
        return template.owner_id is not None and template.owner_id == self.context["reader"].pk


class TemplateSerializer(TemplateRowSerializer):
    """A template with the definition of its latest version; `versions` are the numbers of all, the latest first.

    `revision` is its ETag: it grows with each change of name, description or definition.
    """

    revision = serializers.IntegerField(read_only=True)
    version = serializers.IntegerField(source="latest.number", read_only=True)
    versions = serializers.SerializerMethodField()
    definition = DefinitionField(source="latest.definition", read_only=True)

    def get_versions(self, template: NoteTemplate) -> list[int]:
        """Without their definitions."""
        return list(template.versions.values_list("number", flat=True))

    def to_representation(self, instance: NoteTemplate) -> dict[str, Any]:
        """With the latest version, read once."""
        instance.latest = instance.versions.latest("number")
        shown: dict[str, Any] = super().to_representation(instance)
        return shown


class WriteTemplateSerializer(StrictSerializer):
    """A template, or what is changed of one; another `definition` adds a version."""

    name = TidyField(max_length=MAX_NAME)
    description = ComposedField(required=False, allow_blank=True, max_length=MAX_DESCRIPTION)
    is_shared = serializers.BooleanField(required=False, help_text="Whether the whole clinic may use it.")
    definition = DefinitionField()


class DuplicateTemplateSerializer(StrictSerializer):
    """The name of a copy; without one, it is named after the template."""

    name = TidyField(required=False, max_length=MAX_NAME)
