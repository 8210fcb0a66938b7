"""Filters of the sessions list."""

import django_filters

from sessions_app.models import TherapySession


class SessionFilter(django_filters.FilterSet):  # type: ignore[misc]  # the library has no types
    """patient, status, and a range of dates (both ends included)."""

    patient = django_filters.UUIDFilter(field_name="patient_id")
    status = django_filters.MultipleChoiceFilter(choices=TherapySession.Status.choices)
    start_date = django_filters.IsoDateTimeFilter(field_name="session_date", lookup_expr="gte")
    end_date = django_filters.IsoDateTimeFilter(field_name="session_date", lookup_expr="lte")

    class Meta:
        model = TherapySession
        fields = ["patient", "status", "start_date", "end_date"]
