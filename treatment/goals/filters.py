"""Filters for goals and for the library of interventions."""

from typing import Any

import django_filters

from therapybridge.core.api.filters import ChangesFilter, FlagFilter, ValuesFilter
from treatment.goals.choices import GoalStatus
from treatment.goals.models import Goal, Intervention
from treatment.goals.querysets import InterventionQuerySet


class GoalFilter(ChangesFilter):
    """Filters by one or more statuses."""

    status = ValuesFilter(choices=GoalStatus.choices)

    class Meta:
        model = Goal
        fields: list[str] = []


class InterventionFilter(ChangesFilter):
    """Searches names and aliases; filters by modality, and by whose entries they are."""

    search = django_filters.CharFilter(method="named", max_length=200, help_text="In names and aliases.")
    modality = django_filters.CharFilter(field_name="modality", lookup_expr="iexact", max_length=60)
    system = FlagFilter(method="of_product", help_text="true: the product's entries; false: the clinic's own.")
    retired = FlagFilter(method="put_away", help_text="true: retired ones; false: those that can be linked.")

    class Meta:
        model = Intervention
        fields: list[str] = []

    def named(self, rows: InterventionQuerySet, name: str, value: str) -> InterventionQuerySet:
        """Entries whose name or alias holds the words."""
        return rows.named(value)

    def of_product(self, rows: InterventionQuerySet, name: str, value: bool) -> InterventionQuerySet:
        """The product's entries or the clinic's."""
        return rows.filter(clinic__isnull=value)

    def put_away(self, rows: InterventionQuerySet, name: str, value: Any) -> InterventionQuerySet:
        """Retired entries or all others."""
        return rows.filter(retired_at__isnull=not value)
