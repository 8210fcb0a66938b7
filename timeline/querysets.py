"""Querysets for timelines; access follows the patient's, and patients see only public events."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.identity.querysets import care_exists
from accounts.models import User
from therapybridge.core.compiled import Slot
from therapybridge.core.models import BaseQuerySet
from therapybridge.core.text import composed

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from timeline.models import TimelineCount, TimelineEvent  # noqa: F401 (in the bases below)


def _reaches_patient(user: User | AnonymousUser) -> Exists:
    return Exists(User.objects.patients_visible_to(user).filter(pk=OuterRef("patient_id")))


def _may_read_private(user: User | AnonymousUser) -> bool:
    return bool(getattr(user, "is_therapist", False))


class EventQuerySet(BaseQuerySet["TimelineEvent"]):
    """Queries on timeline events."""

    def live(self) -> Self:
        """Events that were not deleted."""
        return self.filter(deleted_at=None)

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Live events of patients whom `user` may see; private ones only for therapists."""
        rows = self.live().filter(_reaches_patient(user))
        return rows if _may_read_private(user) else rows.filter(is_private=False)

    def with_write_access(self, user: User | AnonymousUser) -> Self:
        """Annotate `is_writable`: whether `user` treats the patient and so may change the record."""
        return self.annotate(is_writable=care_exists(user, "patient_id"))

    def derived(self) -> Self:
        """Events derived from rows of other apps; of a patient, they have an index of their own."""
        return self.filter(related_entity_id__isnull=False)

    def derived_from(self, entity_type: str, ids: Collection[UUID]) -> Self:
        """Events derived from rows of another app, including deleted ones."""
        return self.filter(related_entity_type=entity_type, related_entity_id__in=ids)

    def of_types(self, event_types: Collection[str]) -> Self:
        """Only these event types; all if none are given."""
        return self.filter(event_type__in=event_types) if event_types else self

    def of_importance(self, levels: Collection[str]) -> Self:
        """Only these importance levels; all if none are given."""
        return self.filter(importance__in=levels) if levels else self

    def between(self, start: datetime | Slot | None, end: datetime | Slot | None) -> Self:
        """From `start` and before `end`; both are optional."""
        after = Q(event_date__gte=start) if start else Q()
        return self.filter(after & (Q(event_date__lt=end) if end else Q()))

    def search(self, term: str | Slot, also: Q) -> Self:
        """Events whose title or description contains `term`, ignoring case, and those of `also`."""
        words = composed(term) if isinstance(term, str) else term
        return self.filter(Q(title__ilike=words) | Q(description__ilike=words) | also) if words else self

    def in_order(self) -> Self:
        """Newest first; the key breaks ties."""
        return self.order_by("-event_date", "-id")


class CountQuerySet(models.QuerySet["TimelineCount"]):
    """Queries on maintained totals of live events, so that no read has to count a long timeline."""

    def countable_by(self, user: User | AnonymousUser) -> Self:
        """Totals of a patient's events that `user` may see; the caller checks access to the patient."""
        return self if _may_read_private(user) else self.filter(is_private=False)

    def add(self, patient_id: UUID, event_type: str, is_private: bool, by: int) -> None:
        """Change a total inside the caller's transaction, creating the row if it is missing."""
        key: dict[str, Any] = {"patient_id": patient_id, "event_type": event_type, "is_private": is_private}
        raised = models.F("count") + by
        if not self.filter(**key).update(count=raised):
            # The first two events of a type may race here: one inserts, both add.
            self.bulk_create([self.model(**key)], ignore_conflicts=True)
            self.filter(**key).update(count=raised)
