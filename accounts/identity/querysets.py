"""THE access policy: who may see which patient. Every other queryset's visible_to delegates to it.

Querysets lie below the models, so that they find models of this app by name.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.db import models
from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Now

if TYPE_CHECKING:
    from accounts.models import Invitation, User  # noqa: F401 (bases name them in strings)


def is_treated_by(user: User | AnonymousUser | None, patient: str = "pk") -> Exists | Value:
    """Whether an active care relation of `user` with the patient in column `patient` of the outer query exists."""
    if user is None or isinstance(user, AnonymousUser) or not user.is_therapist:
        return Value(value=False)
    relations = apps.get_model("accounts", "TherapistPatient").objects
    return Exists(relations.filter(therapist=user.pk, patient=OuterRef(patient), is_active=True))


def _is_open_to(therapist: User) -> Exists:
    grants = apps.get_model("accounts", "BreakGlassGrant").objects.live()
    return Exists(grants.filter(therapist=therapist.pk, patient=OuterRef("pk")))


def holds_name(words: str, person: str = "") -> Q:
    """Whether each of the words is part of a first or last name, in any case; `person` leads there, as "patient__".

    By regular expression: SQLite's LIKE knows the two cases of ASCII letters only.
    """
    found = Q()
    for part in map(re.escape, words.split()):
        found &= Q(**{f"{person}first_name__iregex": part}) | Q(**{f"{person}last_name__iregex": part})
    return found


class UserQuerySet(models.QuerySet["User"]):
    """People, narrowed by role, by name and by who asks."""

    def named(self, words: str) -> Self:
        """People whose first or last name holds each of the words, in any case."""
        return self.filter(holds_name(words))

    def with_full_name(self, first_name: str, last_name: str) -> Self:
        """People who are called exactly so, in any case."""
        first, last = (rf"\A{re.escape(name.strip())}\Z" for name in (first_name, last_name))
        return self.filter(first_name__iregex=first, last_name__iregex=last)

    def patients(self) -> Self:
        """Only those who are treated."""
        return self.filter(role="patient")

    def patients_visible_to(self, user: User | AnonymousUser | None) -> Self:
        """Patients whose record `user` may read: those they treat, those of a live emergency grant, a patient's own.

        Everyone else, clinic staff included, gets none.
        """
        if user is None or isinstance(user, AnonymousUser) or not user.is_active:
            return self.none()
        if user.is_therapist:
            return self.patients().filter(is_treated_by(user) | _is_open_to(user), clinic=user.clinic_id)
        if user.is_patient:
            return self.patients().filter(pk=user.pk)
        return self.none()

    def with_write_access(self, user: User | AnonymousUser | None) -> Self:
        """Each with `is_writable`: whether `user` treats the person, and so may change the record."""
        return self.annotate(is_writable=is_treated_by(user))

    def patients_treated_by(self, user: User | AnonymousUser | None) -> Self:
        """Patients whose record `user` may write to: by an active care relation in the same clinic, nothing else."""
        if user is None or isinstance(user, AnonymousUser) or not user.is_active or not user.is_therapist:
            return self.none()
        return self.patients().filter(is_treated_by(user), clinic=user.clinic_id)


class UserManager(DjangoUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Makes users by e-mail instead of by user name."""

    def get_by_natural_key(self, username: str | None) -> User:
        """Find by e-mail, ignoring case."""
        user: User = self.get(email=(username or "").strip().lower())
        return user

    def create_user(self, email: str | None = None, password: str | None = None, **fields: Any) -> User:
        """Make a person; without a password, one who cannot sign in."""
        user: User = self.model(email=email, **fields)
        if password:
            user.set_password(password)
        else:
            user.set_unusable_password()
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str | None = None, password: str | None = None, **fields: Any) -> User:
        """Make an operator of the installation, of no clinic."""
        return self.create_user(email, password, role="admin", is_superuser=True, is_verified=True, **fields)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Invitations."""

    def visible_to(self, user: User | AnonymousUser | None) -> Self:
        """Of the own clinic: to therapists their own and those of patients they treat, to admins those of staff."""
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
        """Those that still work."""
        return self.filter(accepted_at=None, revoked_at=None, expires_at__gt=Now())
