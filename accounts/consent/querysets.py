"""Querysets for the consent log and signing links."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn, Self

from django.db import models
from django.db.models import Exists, OuterRef
from django.db.models.functions import Now

if TYPE_CHECKING:
    from accounts.models import ConsentEntry, User  # noqa: F401 (bases name them in strings)
from accounts.care.querysets import PatientOwnedQuerySet
from accounts.consent.choices import RECORDING_CONSENTS, ConsentType


class ConsentQuerySet(PatientOwnedQuerySet):
    """Queries on the consent log, which is append-only; the latest entry of each type is in force."""

    def update(self, **kwargs: Any) -> NoReturn:
        """Refuse: recorded decisions are never changed."""
        raise TypeError("The consent log is append-only.")

    def delete(self) -> NoReturn:
        """Refuse: a revocation is a new entry."""
        raise TypeError("The consent log is append-only.")

    def in_force(self) -> Self:
        """The latest entry of each patient and type, whatever it says."""
        later = self.model._default_manager.filter(
            patient=OuterRef("patient"), consent_type=OuterRef("consent_type"), id__gt=OuterRef("id")
        )
        return self.filter(~Exists(later))

    def live(self) -> Self:
        """Granted, in force and not expired."""
        not_expired = models.Q(expires_at=None) | models.Q(expires_at__gt=Now())
        return self.in_force().filter(not_expired, status="granted")

    def missing_for_recording(self) -> list[ConsentType]:
        """Of one patient's entries: the consents needed for recording that are not live, in one query."""
        live = set(self.live().filter(consent_type__in=RECORDING_CONSENTS).values_list("consent_type", flat=True))
        return [needed for needed in RECORDING_CONSENTS if needed not in live]

    def lapsed(self) -> Self:
        """Granted and in force, but past its expiry and not yet marked as expired."""
        return self.in_force().filter(status="granted", expires_at__lte=Now())


class ConsentRequestQuerySet(PatientOwnedQuerySet):
    """Queries on signing links."""

    def open(self) -> Self:
        """Links that still work."""
        return self.filter(used_at=None, revoked_at=None, expires_at__gt=Now())
