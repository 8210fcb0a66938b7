"""Points in time, which need a time, and days, which have none; bounded far enough from the ends of the calendar."""

from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_date
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

# The first and last days of the calendar do not exist in every time zone: one such row would break every page it is on.
EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)
NOON = time(12)


def validate_moment(moment: date) -> None:
    """Reject a day or an aware datetime before 1900 or after 2199."""
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time(12), UTC)
    if not EARLIEST <= moment < LATEST:
        raise ValidationError("This date is out of range.")


def moment_of(when: date, clinic_zone: ZoneInfo, clock: time = NOON) -> datetime:
    """A point in time as it is; a day as a time of that day at the clinic, among points in time."""
    if isinstance(when, datetime):
        return when
    return datetime.combine(when, clock, clinic_zone).astimezone(UTC)


def lies_ahead(when: date, *zones: ZoneInfo) -> bool:
    """Whether it is in the future; of a day, in all of the zones."""
    now = timezone.now()
    return when > now if isinstance(when, datetime) else all(when > timezone.localdate(now, zone) for zone in zones)


def day_of(when: date) -> date | None:
    """The day, if no time is known."""
    return None if isinstance(when, datetime) else when


def day_in(value: Any) -> date | None:
    """The day that a text is; None if it is anything else, such as a point in time."""
    try:
        return parse_date(value.strip()) if isinstance(value, str) else None
    except ValueError:  # no such day; the field says so
        return None


class MomentField(serializers.DateTimeField):
    """A point in time; a day alone is refused, since its midnight is another day for readers elsewhere."""

    def to_internal_value(self, value: Any) -> datetime:
        """An aware datetime."""
        if day_in(value):
            raise serializers.ValidationError("Add the time, for example 2026-11-30T14:00:00Z.")
        return super().to_internal_value(value)


@extend_schema_field({"anyOf": [{"type": "string", "format": "date-time"}, {"type": "string", "format": "date"}]})
class MomentOrDayField(serializers.DateTimeField):
    """A point in time, or a day as a date, which stays that day for every reader.

    `day` names the attribute that holds the day of a row, if it was written without a time.
    """

    def __init__(self, *, day: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.day = day

    def get_attribute(self, instance: Any) -> Any:
        """The day as it was written, if there is one."""
        return getattr(instance, self.day, None) or super().get_attribute(instance)

    def to_internal_value(self, value: Any) -> Any:
        """An aware datetime or a date."""
        return day_in(value) or super().to_internal_value(value)

    def to_representation(self, value: Any) -> Any:
        """A day as an ISO date."""
        return super().to_representation(value) if isinstance(value, datetime) else value.isoformat()
