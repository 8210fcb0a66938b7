"""Querysets for care relations, emergency access and rows that belong to a patient."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db.models import F
from django.db.models.functions import Now

from accounts.identity.querysets import care_exists
from therapybridge.core.models import BaseQuerySet

if TYPE_CHECKING:
    from accounts.models import TherapistPatient, User  # noqa: F401 (bases name them in strings)


class TherapistPatientQuerySet(BaseQuerySet["TherapistPatient"]):
    """Queries on care relations."""

    def active(self) -> Self:
        """Relations that grant access now."""
        return self.filter(is_active=True, therapist__is_active=True, therapist__clinic=F("patient__clinic"))


class PatientOwnedQuerySet(BaseQuerySet[Any]):
    """Queries on models with a field named `patient`."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Rows of patients whom `user` may see."""
        people = apps.get_model("accounts", "User").objects
        return self.filter(patient__in=people.patients_visible_to(user))

    def with_write_access(self, user: User | AnonymousUser) -> Self:
        """Annotate `is_writable`: whether `user` treats the patient and so may change the record."""
        return self.annotate(is_writable=care_exists(user, "patient_id"))


class BreakGlassQuerySet(PatientOwnedQuerySet):
    """Queries on emergency access."""

    def live(self) -> Self:
        """Grants that open a record now, by the database's clock."""
        return self.filter(ended_at=None, expires_at__gt=Now())

    def reviewable_by(self, user: User | AnonymousUser) -> Self:
        """Grants that `user` may review: administrators all of their clinic's, therapists those on their patients;
        nobody their own.
        """
        if isinstance(user, AnonymousUser) or not user.is_active or not user.clinic_id:
            return self.none()
        others = self.filter(patient__clinic=user.clinic_id).exclude(therapist=user.pk)
        if user.is_clinic_admin:
            return others
        people = apps.get_model("accounts", "User").objects
        return others.filter(patient__in=people.patients_treated_by(user))

    def awaiting_review(self) -> Self:
        """Grants that have not been reviewed."""
        return self.filter(verdict="")

    def overdue(self) -> Self:
        """Unreviewed grants past their review deadline."""
        return self.awaiting_review().filter(review_due_at__lte=Now())
