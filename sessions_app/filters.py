"""Filters for the session list."""

import django_filters

from sessions_app.models import TherapySession
from therapybridge.core.api.filters import EndFilter, StartFilter, ValuesFilter


class SessionFilter(django_filters.FilterSet):  # type: ignore[misc]  # the library has no types
    """Filters by patient, one or more statuses, and a period (inclusive)."""

    patient = django_filters.UUIDFilter(field_name="patient_id")
    status = ValuesFilter(choices=TherapySession.Status.choices)
    start_date = StartFilter("session_date")
    end_date = EndFilter("session_date")

    class Meta:
        model = TherapySession
        fields = ["patient", "status", "start_date", "end_date"]
