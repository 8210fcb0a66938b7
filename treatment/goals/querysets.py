"""Querysets for goals and interventions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db.models import Q

from accounts.models import User
from therapybridge.core.models import BaseQuerySet
from treatment.goals.choices import OPEN
from treatment.plans.choices import PlanStatus
from treatment.plans.querysets import TreatmentQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class GoalQuerySet(TreatmentQuerySet):
    """Queries on goals and on what belongs to them."""

    def open(self) -> Self:
        """Those that are worked on or will be."""
        return self.filter(status__in=OPEN)

    def of_active_plans(self) -> Self:
        """Goals of plans that are active now."""
        return self.filter(plan__status=PlanStatus.ACTIVE)

    def shared_with(self, patient: User) -> Self:
        """What a patient reads of their own: goals of plans that were started."""
        return self.filter(patient=patient, plan__version__gt=0)


class InterventionQuerySet(BaseQuerySet[Any]):
    """Queries on the library of interventions."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The product's entries and those of the therapist's clinic."""
        if not isinstance(user, User) or not user.is_therapist:
            return self.none()
        return self.filter(Q(clinic=None) | Q(clinic=user.clinic_id))

    def offered(self) -> Self:
        """Those that can be linked to a goal."""
        return self.filter(retired_at=None)

    def named(self, words: str) -> Self:
        """Entries whose name or alias holds the words."""
        text = words.replace("\x00", "").strip()
        return self.filter(Q(name__icontains=text) | Q(aliases__icontains=text))
