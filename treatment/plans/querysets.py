"""Querysets for plans and their parts; access follows the patient's."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Self

from accounts.care.querysets import PatientOwnedQuerySet
from accounts.models import User
from treatment.plans.choices import DUE_SOON, PlanStatus, ReviewState

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class TreatmentQuerySet(PatientOwnedQuerySet):
    """Queries on rows of a patient's treatment; administrators see none of them."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Rows of patients whom a therapist may see; patients read their own through `shared_with`."""
        if not isinstance(user, User) or not user.is_therapist:
            return self.none()
        return super().visible_to(user)


class PlanQuerySet(TreatmentQuerySet):
    """Queries on treatment plans."""

    def active(self) -> Self:
        """Those that patient and therapist work on now."""
        return self.filter(status=PlanStatus.ACTIVE)

    def shared_with(self, patient: User) -> Self:
        """What a patient reads of their own: every plan that was ever started; neither drafts nor given-up drafts."""
        return self.filter(patient=patient, version__gt=0)

    def due_for_review(self, day: date) -> Self:
        """Active plans whose review is due within a week of that day or was before."""
        return self.active().filter(next_review_date__lte=day + DUE_SOON)

    def reviewed(self, state: str, day: date) -> Self:
        """Those of a state of `ReviewState` on that day."""
        soon, plans = day + DUE_SOON, self.active()
        if state == ReviewState.OVERDUE:
            return plans.filter(next_review_date__lt=day)
        if state == ReviewState.DUE:
            return plans.filter(next_review_date__gte=day, next_review_date__lte=soon)
        return plans.filter(next_review_date__gt=soon)

    def without_texts(self) -> Self:
        """Rows for lists, which show a title and nothing else that is encrypted."""
        return self.defer("codes", "diagnosis", "problems", "reason")
