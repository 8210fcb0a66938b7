"""Bounds for points in time, far enough from the calendar's ends for every time zone."""

from datetime import UTC, datetime

from django.core.exceptions import ValidationError

# The first and last days of the calendar do not exist in every time zone: one such row would break every page it is on.
EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)


def validate_moment(moment: datetime) -> None:
    """Reject an aware datetime before 1900 or after 2199."""
    if not EARLIEST <= moment < LATEST:
        raise ValidationError("This date is out of range.")
