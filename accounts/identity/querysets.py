"""The access policy: who may see which patient. Every other queryset's `visible_to` delegates to it.

Querysets are imported by models, so they look up this app's models by name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.db import models
from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Now

from therapybridge.core.models import BaseQuerySet
from therapybridge.core.names import holds_words, is_whole
from therapybridge.core.queries import ForEachRow
from therapybridge.core.text import password_form, same_address

if TYPE_CHECKING:
    from accounts.models import Invitation, User  # noqa: F401 (bases name them in strings)


def care_exists(user: User | AnonymousUser | None, patient: str = "pk") -> Exists | Value:
    """Whether `user` has an active care relation with the patient in column `patient` of the outer query."""
    if user is None or isinstance(user, AnonymousUser) or not user.is_therapist:
        return Value(value=False)
    relations = apps.get_model("accounts", "TherapistPatient").objects
    return ForEachRow(relations.filter(therapist=user.pk, patient=OuterRef(patient), is_active=True))


def _is_open_to(therapist: User) -> Exists:
    grants = apps.get_model("accounts", "BreakGlassGrant").objects.live()
    return Exists(grants.filter(therapist=therapist.pk, patient=OuterRef("pk")))


def holds_name(words: str, person: str = "") -> Q:
    """Whether each word is part of the name, in any spelling; `person` is a prefix like "patient__"."""
    if not words.strip():
        return Q()
    return holds_words(words, f"{person}folded_name") or Q(pk__in=[])  # only marks that no name is searched by


class UserQuerySet(BaseQuerySet["User"]):
    """Queries on people by role, name and reader."""

    def named(self, words: str) -> Self:
        """People whose name contains each of the words, in any spelling."""
        return self.filter(holds_name(words))

    def with_full_name(self, first_name: str, last_name: str) -> Self:
        """People with exactly this name, in any spelling: without regard to case, accents, apostrophes and hyphens."""
        same = is_whole(first_name, last_name, "folded_name")
        return self.filter(same) if same else self.none()

    def holding(self, patient: str = "patient_id") -> ForEachRow:
        """Whether the person in column `patient` of the outer query is one of these."""
        return ForEachRow(self.order_by().filter(pk=OuterRef(patient)))

    def patients(self) -> Self:
        """Only patients."""
        return self.filter(role="patient")

    def patients_visible_to(self, user: User | AnonymousUser | None) -> Self:
        """Patients whose record `user` may read: those they treat, those under a live emergency grant, and themselves.

        Everyone else, including administrators, gets none.
        """
        if user is None or isinstance(user, AnonymousUser) or not user.is_active:
            return self.none()
        if user.is_therapist:
            return self.patients().filter(care_exists(user) | _is_open_to(user), clinic=user.clinic_id)
        if user.is_patient:
            return self.patients().filter(pk=user.pk)
        return self.none()

    def with_write_access(self, user: User | AnonymousUser | None) -> Self:
        """Annotate `is_writable`: whether `user` treats the person and so may change the record."""
        return self.annotate(is_writable=care_exists(user))

    def patients_treated_by(self, user: User | AnonymousUser | None) -> Self:
        """Patients whose record `user` may change: only by an active care relation in the same clinic."""
        if user is None or isinstance(user, AnonymousUser) or not user.is_active or not user.is_therapist:
            return self.none()
        return self.patients().filter(care_exists(user), clinic=user.clinic_id)


class UserManager(DjangoUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Creates and finds users by e-mail instead of user name."""

    def get_by_natural_key(self, username: str | None) -> User:
        """Find by e-mail, ignoring case."""
        user: User = self.get(email=same_address(username))
        return user

    def create_user(self, email: str | None = None, password: str | None = None, **fields: Any) -> User:
        """Create a person; without a password, they cannot sign in."""
        user: User = self.model(email=email, **fields)
        if password:
            user.set_password(password_form(password))
        else:
            user.set_unusable_password()
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str | None = None, password: str | None = None, **fields: Any) -> User:
        """Create an operator of the installation, who belongs to no clinic."""
        return self.create_user(email, password, role="admin", is_superuser=True, is_verified=True, **fields)


class InvitationQuerySet(BaseQuerySet["Invitation"]):
    """Queries on invitations."""

    def visible_to(self, user: User | AnonymousUser | None) -> Self:
        """In the clinic: therapists see those they sent and those of their patients, administrators those of staff."""
        if user is None or isinstance(user, AnonymousUser) or not user.is_active or user.clinic_id is None:
            return self.none()
        rows = self.filter(clinic=user.clinic_id)
        if user.is_clinic_admin:
            return rows.filter(patient=None)
        if user.is_therapist:
            people = apps.get_model("accounts", "User").objects
            treated = models.Q(patient__in=people.patients_treated_by(user))
            return rows.filter(treated | models.Q(patient=None, invited_by=user.pk))
        return self.none()

    def open(self) -> Self:
        """Invitations that can still be accepted."""
        return self.filter(accepted_at=None, revoked_at=None, expires_at__gt=Now())
