"""Querysets for risk reviews; access follows the patient's, and patients themselves see none."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NoReturn, Self

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils import timezone

from accounts.care.querysets import PatientOwnedQuerySet
from accounts.models import TherapistPatient, User
from sessions_app.risk.choices import ReviewStatus
from therapybridge.core.models import BaseQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

UNRESOLVED = (ReviewStatus.OPEN, ReviewStatus.ACKNOWLEDGED)


class Kept(TypeError):
    """A risk review and its history are kept; database triggers refuse changes too."""


class KeptQuerySet(BaseQuerySet[Any]):
    """Rows that no bulk path changes or removes."""

    def update(self, **changes: Any) -> NoReturn:
        """Refuse: `move_to` is the one writer."""
        raise Kept("Risk reviews are changed by `move_to` alone.")

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse: it can also change the rows that are there."""
        raise Kept("Risk reviews are opened one by one.")

    def bulk_update(self, objs: Iterable[Any], fields: Iterable[str], batch_size: int | None = None) -> NoReturn:
        """Refuse: `move_to` is the one writer."""
        raise Kept("Risk reviews are changed by `move_to` alone.")

    def delete(self) -> NoReturn:
        """Refuse: nothing removes a review."""
        raise Kept("Risk reviews are never deleted.")


class RiskReviewQuerySet(KeptQuerySet, PatientOwnedQuerySet):  # type: ignore[override]  # as_manager of each
    """Queries on risk reviews."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Reviews on patients whom a therapist may see."""
        if not isinstance(user, User) or not user.is_therapist:
            return self.none()
        return super().visible_to(user)

    def without_words(self) -> Self:
        """Leave encrypted what was said and why it was closed: for lists, headers and the schedule."""
        return self.defer("seen", "reason")

    def unresolved(self) -> Self:
        """Reviews without a disposition, the most urgent first."""
        return self.filter(status__in=UNRESOLVED).order_by("due_at", "id")

    def waiting(self) -> Self:
        """The same for headers, without what was said."""
        return self.unresolved().without_words()

    def resolved(self) -> Self:
        """Reviews with a disposition."""
        return self.filter(status=ReviewStatus.DISPOSED)

    def overdue(self) -> Self:
        """Reviews that should have had a disposition by now."""
        return self.unresolved().filter(due_at__lte=timezone.now())

    def waiting_for(self, user: User) -> Self:
        """Unresolved reviews that `user` owns, and those of their patients that are overdue or without an owner
        who treats the patient. By the database's clock, since the menu keeps the statement.
        """
        treated = User.objects.patients_treated_by(user).holding()
        cares = TherapistPatient.objects.active().filter(patient=OuterRef("patient"), therapist=OuterRef("owner"))
        for_all = Q(due_at__lte=Now()) | ~Exists(cares)
        return self.unresolved().filter(Q(owner=user.pk) | for_all, treated)
