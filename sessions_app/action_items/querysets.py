"""Querysets for action items; access follows the patient's, and patients read what came with a shared summary."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from accounts.care.querysets import PatientOwnedQuerySet
from accounts.models import User
from sessions_app.action_items.choices import OPEN, ItemStatus
from sessions_app.notes.choices import SummaryStatus
from therapybridge.core.models import BaseQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class ActionItemQuerySet(PatientOwnedQuerySet):
    """Queries on action items."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Items of sessions that a therapist may see; for patients, those that they were told of."""
        if not isinstance(user, User):
            return self.none()
        if user.is_patient:
            return self.told_to(user)
        if not user.is_therapist:
            return self.none()
        return super().visible_to(user).filter(session__deleted_at=None)

    def told_to(self, patient: User) -> Self:
        """What a patient reads: items that were shared with the summary of their session, while it is shared.

        Neither what comes from lines about risk, nor what was dropped, nor items of deleted or failed sessions.
        """
        sessions = self.model._meta.apps.get_model("sessions_app", "TherapySession").objects
        shared = sessions.counted().filter(patient=patient, summary__status=SummaryStatus.SHARED)
        return self.filter(patient=patient, session__in=shared, told_at__isnull=False).tellable()

    def tellable(self) -> Self:
        """What a therapist may share with a summary: neither from lines about risk nor dropped."""
        return self.filter(is_for_patient=True).exclude(status=ItemStatus.ABANDONED)

    def open(self) -> Self:
        """Those that are still to be done."""
        return self.filter(status__in=OPEN)

    def closed(self) -> Self:
        """Those that are done or were dropped."""
        return self.exclude(status__in=OPEN)


class ItemClosingQuerySet(BaseQuerySet[Any]):
    """Queries on how items were closed before; patients read none, since why something was dropped is not for them."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Of the items that a therapist may see."""
        if not isinstance(user, User) or not user.is_therapist:
            return self.none()
        items = self.model._meta.apps.get_model("sessions_app", "ActionItem").objects
        return self.filter(item__in=items.visible_to(user))
