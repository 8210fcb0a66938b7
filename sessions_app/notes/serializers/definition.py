"""The schema of template definitions and of the values of their fields; `parse_definition` is what checks them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from sessions_app.pipeline.note_templates import definition
from therapybridge.core.api.serializers import BoundedListField

VALUE = {
    "anyOf": [
        {"type": "string"},
        {"type": "number"},
        {"type": "boolean"},
        {"type": "array", "items": {"type": "string"}},
    ],
    "description": "Text, an option or a date (2026-11-30), a number, true or false, the chosen options, or null.",
}

# Fields are declared under names that a serializer itself has, such as `fields`: its class keeps them apart.


class TemplateFieldSerializer(serializers.Serializer[Any]):
    """A field; `options` are for choices, `minimum` and `maximum` for numbers and scales."""

    id = serializers.CharField(max_length=40)
    label = serializers.CharField(max_length=definition.MAX_LABEL)  # type: ignore[assignment]
    type = serializers.ChoiceField(definition.FIELD_TYPES)
    required = serializers.BooleanField(required=False)  # type: ignore[assignment]
    options = BoundedListField(child=serializers.CharField(), required=False, max_length=definition.MAX_OPTIONS)
    ai_mapping = BoundedListField(
        child=serializers.ChoiceField(definition.SOURCES),
        max_length=len(definition.SOURCES),
        required=False,
        help_text="The parts of a draft that fill the field.",
    )
    placeholder = serializers.CharField(required=False, allow_blank=True, max_length=definition.MAX_PLACEHOLDER)
    help = serializers.CharField(required=False, allow_blank=True, max_length=definition.MAX_HELP)
    minimum = serializers.FloatField(required=False, allow_null=True)
    maximum = serializers.FloatField(required=False, allow_null=True)


class TemplateSectionSerializer(serializers.Serializer[Any]):
    """A heading with its fields."""

    id = serializers.CharField(max_length=40)
    title = serializers.CharField(max_length=definition.MAX_LABEL)
    fields = BoundedListField(  # type: ignore[assignment]
        child=TemplateFieldSerializer(), max_length=definition.MAX_FIELDS
    )


class TemplateDefinitionSerializer(serializers.Serializer[Any]):
    """All sections of a template, in order; together they have 1 to 100 fields."""

    sections = BoundedListField(child=TemplateSectionSerializer(), max_length=definition.MAX_SECTIONS)


@extend_schema_field(TemplateDefinitionSerializer)
class DefinitionField(serializers.JSONField):
    """A definition as it is stored, or as it was sent."""


@extend_schema_field(VALUE)
class ValueField(serializers.JSONField):
    """The value of a field of a note, of whatever type its template says."""
