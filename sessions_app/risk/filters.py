"""Filters for the list of risk reviews."""

import django_filters

from sessions_app.models import RiskReview
from sessions_app.risk.querysets import RiskReviewQuerySet
from therapybridge.core.api.filters import FlagFilter, ValuesFilter


class RiskReviewFilter(django_filters.FilterSet):  # type: ignore[misc]  # the library has no types
    """Filters by patient, session, one or more statuses, and by what waits for the reader."""

    patient = django_filters.UUIDFilter(field_name="patient_id")
    session = django_filters.UUIDFilter(field_name="session_id")
    status = ValuesFilter(choices=RiskReview.Status.choices)
    mine = FlagFilter(method="of_reader", help_text="true: those that the reader owns; false: all others.")
    overdue = FlagFilter(method="past_due", help_text="true: not closed although due; false: all others.")

    class Meta:
        model = RiskReview
        fields: list[str] = []

    def of_reader(self, rows: RiskReviewQuerySet, name: str, value: bool) -> RiskReviewQuerySet:
        """Reviews of the reader, or all others."""
        owner = self.request.user.pk
        return rows.filter(owner=owner) if value else rows.exclude(owner=owner)

    def past_due(self, rows: RiskReviewQuerySet, name: str, value: bool) -> RiskReviewQuerySet:
        """Overdue reviews, or all others."""
        late = rows.overdue().order_by()
        return late if value else rows.exclude(pk__in=late.values("pk"))
