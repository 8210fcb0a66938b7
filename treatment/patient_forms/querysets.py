"""Querysets for links to forms."""

from __future__ import annotations

from typing import Self

from django.db.models.functions import Now

from accounts.care.querysets import PatientOwnedQuerySet


class FormLinkQuerySet(PatientOwnedQuerySet):
    """Queries on links to forms."""

    def open(self) -> Self:
        """Links that still work."""
        return self.filter(used_at=None, revoked_at=None, expires_at__gt=Now())
