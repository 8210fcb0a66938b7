"""Querysets for imports: of the therapist who uploaded the file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self
from uuid import UUID

from django.db.models import F
from django.db.models.functions import Now

from accounts.models import User
from exports.imports.choices import ImportStatus
from therapybridge.core.jobs import LeasedQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class ImportQuerySet(LeasedQuerySet):
    """Queries on imports."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """A therapist's own; nobody else learns what was in a file."""
        if not isinstance(user, User) or not user.is_active or not user.is_therapist:
            return self.none()
        return self.filter(requested_by=user.pk, clinic=user.clinic_id)

    def completed(self) -> Self:
        """Those that became a patient; of one patient there is one at most."""
        return self.filter(status=ImportStatus.COMPLETED)

    def brought_patient(self, patient_id: UUID) -> bool:
        """Whether this patient was imported."""
        return self.completed().filter(patient=patient_id).exists()

    def brought_note(self, note_id: UUID) -> bool:
        """Whether this note was imported with its patient, and not written here."""
        return (
            self.completed()
            .filter(patient__clinical_notes=note_id, completed_at__gt=F("patient__clinical_notes__created_at"))
            .exists()
        )

    def lapsed(self) -> Self:
        """Those whose file waited too long for a confirmation."""
        return self.filter(status=ImportStatus.READY, expires_at__lte=Now())
