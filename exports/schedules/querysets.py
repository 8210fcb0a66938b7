"""Querysets for schedules: of the therapist who set them, while they treat the patient."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db.models.functions import Now

from accounts.models import User
from therapybridge.core.models import BaseQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class ExportScheduleQuerySet(BaseQuerySet[Any]):
    """Queries on schedules."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """A therapist's own, of patients whom they treat now."""
        if not isinstance(user, User) or not user.is_therapist:
            return self.none()
        return self.filter(owner=user.pk, patient__in=User.objects.patients_treated_by(user))

    def running(self) -> Self:
        """Those that still make exports."""
        return self.filter(ended_at=None)

    def due(self) -> Self:
        """Running ones whose time has come, by the database's clock."""
        return self.running().filter(next_due_at__lte=Now())
