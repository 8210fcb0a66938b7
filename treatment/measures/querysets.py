"""Querysets for assigned questionnaires and their results."""

from __future__ import annotations

from datetime import date
from typing import Self

from accounts.models import User
from treatment.measures.choices import AssignmentStatus
from treatment.plans.querysets import TreatmentQuerySet


class ScheduleQuerySet(TreatmentQuerySet):
    """Queries on schedules."""

    def running(self) -> Self:
        """Those that still assign questionnaires."""
        return self.filter(ended_at=None)

    def shared_with(self, patient: User) -> Self:
        """None: patients see what waits for them, not what will."""
        return self.none()


class AssignmentQuerySet(TreatmentQuerySet):
    """Queries on assigned questionnaires."""

    def open(self) -> Self:
        """Those that wait to be filled in."""
        return self.filter(status=AssignmentStatus.OPEN)

    def overdue(self, day: date) -> Self:
        """Open ones that were due before that day."""
        return self.open().filter(due_date__lt=day)

    def shared_with(self, patient: User) -> Self:
        """A patient's own, unless they were cancelled."""
        return self.filter(patient=patient).exclude(status=AssignmentStatus.CANCELLED)


class ResultQuerySet(TreatmentQuerySet):
    """Queries on results."""

    def standing(self) -> Self:
        """Results that were not withdrawn as a mistake."""
        return self.filter(withdrawn_at=None)

    def shared_with(self, patient: User) -> Self:
        """A patient's own that stand."""
        return self.standing().filter(patient=patient)
