"""What the filters of every list share: lists of values, and the two ends of a period."""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from therapybridge.core.errors import InvalidInput

AN_END = "A day (2026-11-30, all of it) or a moment (2026-11-30T14:00:00Z); included."


class ValuesInput(forms.SelectMultiple):
    """Reads `?status=a,b`, `?status=a&status=b` and any mixture of the two."""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[str]:
        """Each value once, in the order of the query string."""
        given = data.getlist(name) if hasattr(data, "getlist") else [data.get(name, "")]
        return list(dict.fromkeys(part.strip() for text in given for part in text.split(",") if part.strip()))


class ValuesField(forms.MultipleChoiceField):
    """Several of the known values."""

    widget = ValuesInput

    def validate(self, value: list[str]) -> None:
        """ValidationError names what there is to choose from, and does not repeat what came."""
        known = [str(key) for key, _ in self.choices]  # type: ignore[union-attr,misc]
        if set(value) - set(known):
            raise ValidationError(f"Choose from: {', '.join(known)}.", "invalid_choice")


class ValuesFilter(django_filters.MultipleChoiceFilter):  # type: ignore[misc]  # the library has no types
    """Rows with any of several values; all rows when none is named."""

    field_class = ValuesField

    def filter(self, qs: QuerySet[Any], value: list[str]) -> QuerySet[Any]:
        """One IN instead of the library's OR and DISTINCT."""
        return qs.filter(**{f"{self.field_name}__in": value}) if value else qs


class StartField(forms.CharField):
    """A day's first moment, or the moment itself, in UTC; a day is one of the current time zone."""

    def to_python(self, value: Any) -> datetime | None:  # type: ignore[override]  # a field makes of text what it likes
        """Aware; ValidationError for what is no date, and for what the calendar has in some zones only."""
        text = super().to_python(value)
        try:
            return self.moment_of(text) if text else None
        except (ValueError, OverflowError):
            raise ValidationError("Write a date as 2026-11-30 or 2026-11-30T14:00:00Z.", "invalid") from None

    def moment_of(self, text: str) -> datetime:
        """ValueError or OverflowError for what cannot be compared with a row's time."""
        if day := parse_date(text):
            return _aware(datetime.combine(day, time()))
        if moment := parse_datetime(text):
            return _aware(moment)
        raise ValueError(text)


class EndField(StartField):
    """The first moment after the day or after the moment: what is compared with it, is compared by `lt`."""

    def moment_of(self, text: str) -> datetime:
        """Both ends of a period are part of it."""
        if day := parse_date(text):
            return _aware(datetime.combine(day + timedelta(days=1), time()))
        return super().moment_of(text) + timedelta(microseconds=1)


def cleaned(filters: type[django_filters.FilterSet], query: Mapping[str, str]) -> dict[str, Any]:
    """What a query string says, by the filters' own fields; InvalidInput names what is wrong.

    For the hottest lists: the library's form costs as much as the SQL of a page.
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
    """`start_date`: from this day, or moment, on."""

    field_class = StartField

    def __init__(self, field_name: str) -> None:
        super().__init__(field_name=field_name, lookup_expr="gte", help_text=AN_END)


class EndFilter(django_filters.CharFilter):  # type: ignore[misc]
    """`end_date`: to the end of this day, or to this moment."""

    field_class = EndField

    def __init__(self, field_name: str) -> None:
        super().__init__(field_name=field_name, lookup_expr="lt", help_text=AN_END)
