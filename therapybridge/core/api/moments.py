"""Points in time, which need a time, and days, which have none; bounded far enough from the ends of the calendar."""

from datetime import UTC, date, datetime, time
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_date
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

# The first and last days of the calendar do not exist in every time zone: one such row would break every page it is on.
EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)


def validate_moment(moment: date) -> None:
    """Reject a day or an aware datetime before 1900 or after 2199."""
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time(12), UTC)
    if not EARLIEST <= moment < LATEST:
        raise ValidationError("This date is out of range.")


class MomentField(serializers.DateTimeField):
    """A point in time; a day alone is refused, since its midnight is another day for readers elsewhere."""

    def to_internal_value(self, value: Any) -> datetime:
        """An aware datetime."""
        if _day_of(value):
            raise serializers.ValidationError("Add the time, for example 2026-11-30T14:00:00Z.")
        return super().to_internal_value(value)


@extend_schema_field({"anyOf": [{"type": "string", "format": "date-time"}, {"type": "string", "format": "date"}]})
class MomentOrDayField(serializers.DateTimeField):
    """A point in time, or a day as a date, which stays that day for every reader."""

    def to_internal_value(self, value: Any) -> Any:
        """An aware datetime or a date."""
        return _day_of(value) or super().to_internal_value(value)

    def to_representation(self, value: Any) -> Any:
        """A day as an ISO date."""
        return super().to_representation(value) if isinstance(value, datetime) else value.isoformat()


def _day_of(value: Any) -> date | None:
    try:
        return parse_date(value) if isinstance(value, str) else None
    except ValueError:  # no such day; the field says so
        return None
