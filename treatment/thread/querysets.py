"""Querysets for links between notes and goals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from accounts.models import User
from sessions_app.models import SessionNote
from treatment.plans.querysets import TreatmentQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class LinkQuerySet(TreatmentQuerySet):
    """Queries on links."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Links of notes that a therapist may see."""
        return super().visible_to(user).filter(note__in=SessionNote.objects.visible_to(user))
