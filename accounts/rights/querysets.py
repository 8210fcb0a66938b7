"""Querysets for disclosures."""

from __future__ import annotations

from typing import Self

from django.utils import timezone

from accounts.care.querysets import PatientOwnedQuerySet

ACCOUNTABLE_YEARS = 6


class DisclosureQuerySet(PatientOwnedQuerySet):
    """Queries on disclosures."""

    def accountable(self) -> Self:
        """Disclosures of the last six years, which a patient may ask for (45 CFR 164.528(a)(1))."""
        today = timezone.now()
        since = today.replace(year=today.year - ACCOUNTABLE_YEARS, day=min(today.day, 28))
        return self.filter(disclosed_at__gte=since)
