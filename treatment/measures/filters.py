"""Filters for lists of questionnaires."""

import django_filters

from therapybridge.core.api.filters import ValuesFilter
from treatment.instruments import INSTRUMENTS
from treatment.models import MeasureAssignment, MeasureResult

KEYS = [(one.key, one.name) for one in INSTRUMENTS.values()]


class ResultFilter(django_filters.FilterSet):  # type: ignore[misc]  # the library has no types
    """Filters by questionnaire."""

    instrument = ValuesFilter(choices=KEYS)

    class Meta:
        model = MeasureResult
        fields: list[str] = []


class AssignmentFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Filters by questionnaire and status."""

    instrument = ValuesFilter(choices=KEYS)
    status = ValuesFilter(choices=MeasureAssignment.Status.choices)

    class Meta:
        model = MeasureAssignment
        fields: list[str] = []
