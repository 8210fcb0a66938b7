"""Bodies whose every field must be known."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rest_framework import serializers

if TYPE_CHECKING:
    Base = serializers.Serializer[Any]
else:
    Base = object


class StrictFields(Base):
    """Refuses names it does not know: a misspelt field, or an attempt to set a role, must not pass in silence.

    For serializers of a model; all others are StrictSerializers.
    """

    def to_internal_value(self, data: Any) -> Any:
        """Validated values; every name that cannot be written is an error of its own."""
        if isinstance(data, Mapping):
            writable = {name for name, field in self.fields.items() if not field.read_only}
            unknown = {str(name): ["This field cannot be set."] for name in data if name not in writable}
            if unknown:
                raise serializers.ValidationError(unknown)
        return super().to_internal_value(data)


class StrictSerializer(StrictFields, serializers.Serializer[Any]):
    """The base of every serializer that takes a body."""

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A PATCH must change something."""
        if self.partial and not attrs:
            raise serializers.ValidationError("Name at least one field to change.")
        return attrs
