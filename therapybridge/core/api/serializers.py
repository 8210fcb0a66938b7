"""Serializer bases: request bodies that reject unknown fields, and fast serialization of rows."""

from collections.abc import Mapping
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any

from rest_framework import serializers

from therapybridge.core.text import composed, tidy, tidy_address, tidy_lines

if TYPE_CHECKING:
    Base = serializers.Serializer[Any]
else:
    Base = object

# Fields whose values the renderer can write directly.
PLAIN_FIELDS = {
    serializers.BooleanField,
    serializers.CharField,
    serializers.ChoiceField,
    serializers.DateTimeField,
    serializers.FloatField,
    serializers.IntegerField,
    serializers.UUIDField,
}


MOST_NAMED, LONGEST_NAME = 20, 60  # unknown fields in an answer, and characters of a name


class StrictFields(Base):
    """Rejects unknown fields: a misspelt field, or an attempt to set a role, must not be ignored silently.

    A mixin for model serializers; all others extend StrictSerializer.
    """

    def to_internal_value(self, data: Any) -> Any:
        """Validate; each of the first unknown or read-only fields is an error of its own."""
        if isinstance(data, Mapping):
            writable = {name for name, field in self.fields.items() if not field.read_only}
            unknown = (name for name in data if name not in writable)
            named = {str(name)[:LONGEST_NAME]: ["This field cannot be set."] for name in islice(unknown, MOST_NAMED)}
            if named:
                raise serializers.ValidationError(named)
        return super().to_internal_value(data)


class StrictSerializer(StrictFields, serializers.Serializer[Any]):
    """The base of every serializer that takes a body."""

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Reject an empty PATCH."""
        if self.partial and not attrs:
            raise serializers.ValidationError("Send at least one field to change.")
        return attrs


class BoundedListField(serializers.ListField):
    """A list whose length is checked before what is in it; DRF would validate half a million entries first."""

    def to_internal_value(self, data: Any) -> list[Any]:
        """Validate every entry; `max_length` alone is said of a list that is longer."""
        if self.max_length is not None and isinstance(data, list) and len(data) > self.max_length:
            raise serializers.ValidationError(self.error_messages["max_length"].format(max_length=self.max_length))
        return list(super().to_internal_value(data))


class TidyField(serializers.CharField):
    """A name, or another line about a person, in one form (`tidy`); what cannot be seen is refused."""

    def to_internal_value(self, data: Any) -> str:
        """In NFC, with single spaces."""
        return tidy(super().to_internal_value(data))


class TidyLinesField(serializers.CharField):
    """The same for several lines."""

    def to_internal_value(self, data: Any) -> str:
        """Each line in NFC, with single spaces."""
        return tidy_lines(super().to_internal_value(data))


class AddressField(serializers.EmailField):
    """An e-mail address in the form that is stored (`tidy_address`)."""

    def to_internal_value(self, data: Any) -> str:
        """In lower case, the domain as mail servers know it."""
        return tidy_address(super().to_internal_value(data))


class ComposedField(serializers.CharField):
    """Free text in NFC."""

    def to_internal_value(self, data: Any) -> str:
        """Accents that were typed apart join their letters."""
        return composed(super().to_internal_value(data))


class RowSerializer(serializers.Serializer[Any]):
    """Serializes `.values()` rows at a quarter of the usual cost: plain columns are passed through.

    Only computed fields and nested serializers are processed field by field.
    """

    def to_representation(self, instance: Mapping[str, Any]) -> dict[str, Any]:
        """The same as DRF's own, once both are rendered as JSON."""
        columns, computed = _parts_of(type(self))
        shown = {name: instance[column] for name, column in columns}
        for name, field in computed:
            value = field.get_attribute(instance)
            shown[name] = None if value is None else field.to_representation(value)
        return shown


@cache
def _parts_of(kind: type[RowSerializer]) -> tuple[list[tuple[str, str]], list[tuple[str, Any]]]:
    """Plain columns and computed fields, once for all rows: to copy the fields for each list costs as much as ten rows.

    The fields are bound to a serializer of their own, so what they compute depends on the row alone.
    """
    fields = [*kind()._readable_fields]
    columns = [(str(one.field_name), str(one.source)) for one in fields if type(one) in PLAIN_FIELDS]
    return columns, [(str(one.field_name), one) for one in fields if type(one) not in PLAIN_FIELDS]
