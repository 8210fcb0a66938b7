"""Read-only fields that some readers do not get: declared with `required=False`, they are optional in the schema."""

from typing import Any

from drf_spectacular.extensions import OpenApiSerializerExtension
from rest_framework import serializers


class OptionalFields(OpenApiSerializerExtension):  # type: ignore[no-untyped-call]  # the library has no types for it
    """Takes them out of what every response has; the library takes each read-only field for a part of all."""

    target_class = "rest_framework.serializers.Serializer"
    match_subclasses = True

    def map_serializer(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        """The library's schema, with a shorter `required`."""
        schema: dict[str, Any] = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)
        left_out = {name for name, field in _fields_of(self.target).items() if field._kwargs.get("required") is False}
        if required := [name for name in schema.get("required", []) if name not in left_out]:
            schema["required"] = required
        else:
            schema.pop("required", None)
        return schema


def _fields_of(serializer: Any) -> dict[str, Any]:
    one: Any = serializer() if isinstance(serializer, type) else serializer
    one = one.child if isinstance(one, serializers.ListSerializer) else one
    return {name: field for name, field in one.fields.items() if field.read_only}
