"""Filters for the list of exports."""

import django_filters

from exports.jobs.models import ExportJob
from therapybridge.core.api.filters import ValuesFilter


class ExportFilter(django_filters.FilterSet):  # type: ignore[misc]  # the library has no types
    """Filters by patient, and by one or more kinds, formats and statuses."""

    patient = django_filters.UUIDFilter(field_name="patient_id")
    kind = ValuesFilter(choices=ExportJob.Kind.choices)
    format = ValuesFilter(choices=ExportJob.Format.choices)
    status = ValuesFilter(choices=ExportJob.Status.choices)

    class Meta:
        model = ExportJob
        fields: list[str] = []
