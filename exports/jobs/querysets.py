"""Querysets for exports: a file is for whoever asked for it, as long as they are entitled to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db.models import Q
from django.db.models.functions import Now

from accounts.models import User
from exports.choices import ExportStatus
from therapybridge.core.jobs import LeasedQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class ExportQuerySet(LeasedQuerySet):
    """Queries on exports."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """A therapist's own, of patients whom they treat now, and a patient's own; an emergency opens none."""
        if not isinstance(user, User) or not user.is_active:
            return self.none()
        own = self.filter(requested_by=user.pk)
        if user.is_therapist:
            return own.filter(patient__in=User.objects.patients_treated_by(user))
        return own.filter(patient=user.pk) if user.is_patient else self.none()

    def running(self) -> Self:
        """Those that wait for a worker or that one works on."""
        return self.filter(status__in=(ExportStatus.PENDING, ExportStatus.PROCESSING))

    def expired(self) -> Self:
        """Files whose time is over."""
        return self.filter(status=ExportStatus.COMPLETED).filter(Q(expires_at__lte=Now()))
