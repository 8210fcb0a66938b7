"""Filters for the list of treatment plans."""

import django_filters
from django.db.models import QuerySet

from therapybridge.core.api.filters import ChangesFilter, ValuesFilter
from treatment.models import TreatmentPlan
from treatment.plans.choices import ReviewState


class PlanFilter(ChangesFilter):
    """Filters by patient, by one or more statuses, and by whether a review is due on the clinic's day."""

    patient = django_filters.UUIDFilter(field_name="patient_id")
    status = ValuesFilter(choices=TreatmentPlan.Status.choices)
    review = django_filters.ChoiceFilter(choices=ReviewState.choices, method="narrow_to_review")

    class Meta:
        model = TreatmentPlan
        fields: list[str] = []

    def narrow_to_review(self, plans: QuerySet[TreatmentPlan], name: str, value: str) -> QuerySet[TreatmentPlan]:
        """Active plans of a state; nothing for people without a clinic."""
        clinic = self.request.user.clinic
        found: QuerySet[TreatmentPlan] = plans.reviewed(value, clinic.today) if clinic else plans.none()  # type: ignore[attr-defined]
        return found
