"""Filters for the session list."""

import django_filters

from sessions_app.models import TherapySession
from sessions_app.querysets import LAST_CHANGE
from therapybridge.core.api.filters import ChangesFilter, EndFilter, SinceFilter, StartFilter, ValuesFilter


class SessionFilter(ChangesFilter):
    """Filters by patient, one or more statuses, a period (inclusive), and by what has changed since."""

    patient = django_filters.UUIDFilter(field_name="patient_id")
    status = ValuesFilter(choices=TherapySession.Status.choices)
    start_date = StartFilter("session_date")
    end_date = EndFilter("session_date")
    updated_since = SinceFilter(LAST_CHANGE)

    class Meta:
        model = TherapySession
        fields = ["patient", "status", "start_date", "end_date"]
