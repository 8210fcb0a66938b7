"""Querysets for layouts: of the therapist's clinic."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from accounts.models import User
from therapybridge.core.models import BaseQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class LayoutQuerySet(BaseQuerySet[Any]):
    """Queries on layouts."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those of a therapist's clinic."""
        if not isinstance(user, User) or not (user.is_active and user.is_therapist):
            return self.none()
        return self.filter(clinic=user.clinic_id)
