"""Querysets for trackers, entries and check-ins."""

from __future__ import annotations

from typing import Self

from accounts.models import User
from treatment.goals.choices import OPEN
from treatment.plans.choices import PlanStatus
from treatment.plans.querysets import TreatmentQuerySet


class TrackerQuerySet(TreatmentQuerySet):
    """Queries on trackers and their entries."""

    def running(self) -> Self:
        """Trackers of open goals of active plans that have not ended."""
        return self.filter(ended_at=None, goal__plan__status=PlanStatus.ACTIVE, goal__status__in=OPEN)

    def shared_with(self, patient: User) -> Self:
        """What a patient reads of their own: trackers of plans that were started."""
        return self.filter(patient=patient, goal__plan__version__gt=0)


class EntryQuerySet(TreatmentQuerySet):
    """Queries on entries, check-ins and awards."""

    def shared_with(self, patient: User) -> Self:
        """All of a patient's own."""
        return self.filter(patient=patient)

    def standing(self) -> Self:
        """Entries that were not withdrawn as a mistake."""
        return self.filter(withdrawn_at=None)
