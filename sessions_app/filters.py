"""Filters of the sessions list."""

from datetime import UTC, datetime
from typing import Any

import django_filters
from django.core.exceptions import ValidationError

from sessions_app.models import TherapySession


class MomentField(django_filters.fields.IsoDateTimeField):  # type: ignore[misc]  # the library has no types
    """A point in time that exists in UTC, too, which the database compares in."""

    def to_python(self, value: Any) -> datetime | None:
        """Aware; ValidationError for the first and last hours of the calendar."""
        moment: datetime | None = super().to_python(value)
        try:
            return moment and moment.astimezone(UTC)
        except OverflowError as error:
            raise ValidationError("This date is too far away.") from error


class MomentFilter(django_filters.IsoDateTimeFilter):  # type: ignore[misc]  # the library has no types
    """Compares points in time."""

    field_class = MomentField


class SessionFilter(django_filters.FilterSet):  # type: ignore[misc]  # the library has no types
    """patient, status, and a range of dates (both ends included)."""

    patient = django_filters.UUIDFilter(field_name="patient_id")
    status = django_filters.MultipleChoiceFilter(choices=TherapySession.Status.choices)
    start_date = MomentFilter(field_name="session_date", lookup_expr="gte")
    end_date = MomentFilter(field_name="session_date", lookup_expr="lte")

    class Meta:
        model = TherapySession
        fields = ["patient", "status", "start_date", "end_date"]
