"""Filters shared by all lists: multiple values, and the start and end of a period."""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import F, QuerySet
from django.db.models.expressions import Combinable
from django.db.models.lookups import GreaterThanOrEqual
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

from therapybridge.core.errors import InvalidInput

AN_END = "A whole day (2026-11-30) or a point in time (2026-11-30T14:00:00Z), inclusive."

CHANGED = (
    "Rows whose `updated_at` is this point in time or later, which needs a zone. Ask with the `next_updated_since` that"
    " the first page of the read before returned. What was removed is not told."
)


class ValuesInput(forms.SelectMultiple):
    """Reads `?status=a,b`, `?status=a&status=b` and any mix of the two."""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[str]:
        """Each value once, in the order of the query string."""
        given = data.getlist(name) if hasattr(data, "getlist") else [data.get(name, "")]
        return list(dict.fromkeys(part.strip() for text in given for part in text.split(",") if part.strip()))


class ValuesField(forms.MultipleChoiceField):
    """Accepts several of the choices."""

    widget = ValuesInput

    def validate(self, value: list[str]) -> None:
        """Raise ValidationError listing the choices, without echoing the input."""
        known = [str(key) for key, _ in self.choices]  # type: ignore[union-attr,misc]
        if set(value) - set(known):
            raise ValidationError(f"Choose one or more of: {', '.join(known)}.", "invalid_choice")


class ValuesFilter(django_filters.MultipleChoiceFilter):  # type: ignore[misc]  # the library has no types
    """Rows with any of the values; all rows if none are given."""

    field_class = ValuesField

    def filter(self, qs: QuerySet[Any], value: list[str]) -> QuerySet[Any]:
        """Use one IN instead of the library's OR and DISTINCT."""
        return qs.filter(**{f"{self.field_name}__in": value}) if value else qs


class FlagField(forms.Field):
    """`true` or `false`; None if it is not given."""

    def to_python(self, value: Any) -> bool | None:
        """ValidationError for anything else: a misspelt flag must not return everything."""
        if value in self.empty_values:
            return None
        if value not in {"true", "false"}:
            raise ValidationError("Use true or false.", "invalid")
        return bool(value == "true")


class FlagFilter(django_filters.BooleanFilter):  # type: ignore[misc]
    """A filter that is on or off."""

    field_class = FlagField


class StartField(forms.CharField):
    """Parses to UTC: a day, in the current time zone, as its start; a point in time as itself."""

    def to_python(self, value: Any) -> datetime | None:  # type: ignore[override]  # a field makes of text what it likes
        """An aware datetime; ValidationError for invalid dates and those outside the supported range."""
        text = super().to_python(value)
        try:
            return self.moment_of(text) if text else None
        except (ValueError, OverflowError):
            raise ValidationError("Write a date as 2026-11-30 or 2026-11-30T14:00:00Z.", "invalid") from None

    def moment_of(self, text: str) -> datetime:
        """Parse a date or datetime; ValueError or OverflowError if it is invalid."""
        if day := parse_date(text):
            return _aware(datetime.combine(day, time()))
        if moment := parse_datetime(text):
            return _aware(moment)
        raise ValueError(text)


class EndField(StartField):
    """Parses to the first instant after the day or point in time, for comparison with `lt`."""

    def moment_of(self, text: str) -> datetime:
        """The instant after the end, since both ends of a period are inclusive."""
        if day := parse_date(text):
            return _aware(datetime.combine(day + timedelta(days=1), time()))
        return super().moment_of(text) + timedelta(microseconds=1)


def cleaned(filters: type[django_filters.FilterSet], query: Mapping[str, str]) -> dict[str, Any]:
    """Validate a query string by the filters' fields; InvalidInput names what is wrong.

    For the busiest lists, where the library's form would cost as much as the SQL.
    """
    given, errors = {}, {}
    for name, one in filters.base_filters.items():
        try:
            given[name] = one.field.clean(one.field.widget.value_from_datadict(query, {}, name))
        except ValidationError as error:
            errors[name] = error.messages
    if errors:
        raise InvalidInput(errors=errors)
    return given


def _aware(moment: datetime) -> datetime:
    return (moment if timezone.is_aware(moment) else timezone.make_aware(moment)).astimezone(UTC)


class StartFilter(django_filters.CharFilter):  # type: ignore[misc]
    """`start_date`: from this day or point in time."""

    field_class = StartField

    def __init__(self, field_name: str) -> None:
        super().__init__(field_name=field_name, lookup_expr="gte", help_text=AN_END)


class SinceField(forms.CharField):
    """Parses a point in time to UTC; without a zone, it would be another one for each client."""

    def to_python(self, value: Any) -> datetime | None:  # type: ignore[override]
        """An aware datetime; ValidationError for anything else."""
        text = super().to_python(value)
        moment = _moment_with_zone(text)
        if text and moment is None:
            raise ValidationError("Write a point in time with its zone: 2026-11-30T10:00:00Z.", "invalid")
        return moment


def _moment_with_zone(text: str | None) -> datetime | None:
    try:
        moment = parse_datetime(text or "")
        return moment.astimezone(UTC) if moment and timezone.is_aware(moment) else None
    except (ValueError, OverflowError):
        return None


@extend_schema_field(OpenApiTypes.DATETIME)
class SinceFilter(django_filters.CharFilter):  # type: ignore[misc]
    """Rows that changed at this moment or later; `shown` is what they show as `updated_at`."""

    field_class = SinceField

    def __init__(self, shown: Combinable | None = None) -> None:
        super().__init__(field_name="updated_at", help_text=CHANGED)
        self.shown = shown or F("updated_at")

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        """All rows if no moment is given."""
        return qs.filter(GreaterThanOrEqual(self.shown, value)) if value else qs


class ChangesFilter(django_filters.FilterSet):  # type: ignore[misc]
    """For lists that clients keep a copy of: those whose rows show `updated_at`."""

    updated_since = SinceFilter()


class EndFilter(django_filters.CharFilter):  # type: ignore[misc]
    """`end_date`: up to the end of this day, or this point in time."""

    field_class = EndField

    def __init__(self, field_name: str) -> None:
        super().__init__(field_name=field_name, lookup_expr="lt", help_text=AN_END)
