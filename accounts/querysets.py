"""THE access policy: who may see which patient. Every other app's visible_to delegates to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn, Self

from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.db import models
from django.db.models import Exists, F, OuterRef
from django.db.models.functions import Now

if TYPE_CHECKING:
    from accounts.models import ConsentEntry, TherapistPatient, User  # noqa: F401 (bases name them in strings)


class UserQuerySet(models.QuerySet["User"]):
    """People, narrowed by role and by who asks."""

    def patients(self) -> Self:
        """Only those who are treated."""
        return self.filter(role="patient")

    def patients_visible_to(self, user: User | AnonymousUser) -> Self:
        """Patients whose record `user` may open: a therapist's by active relation in the same clinic, a patient's own.

        Everyone else, clinic staff included, gets none.
        """
        people = self.patients().filter(is_active=True)
        if isinstance(user, AnonymousUser) or not user.is_active:
            return self.none()
        if user.is_therapist:
            return people.filter(clinic=user.clinic_id, care_relations__therapist=user, care_relations__is_active=True)
        if user.is_patient:
            return people.filter(pk=user.pk)
        return self.none()


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


class TherapistPatientQuerySet(models.QuerySet["TherapistPatient"]):
    """Care relations."""

    def active(self) -> Self:
        """Relations that grant access now."""
        return self.filter(is_active=True, therapist__is_active=True, therapist__clinic=F("patient__clinic"))


class ConsentQuerySet(models.QuerySet["ConsentEntry"]):
    """The consent ledger: the latest entry of a type is the one in force; entries are added, never changed."""

    def update(self, **kwargs: Any) -> NoReturn:
        """Refuse: a decision that was recorded is never rewritten."""
        raise TypeError("The consent ledger is append-only.")

    def delete(self) -> NoReturn:
        """Refuse: a revocation is a new entry."""
        raise TypeError("The consent ledger is append-only.")

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Entries of patients whom `user` may see."""
        from accounts.models import User as UserModel

        return self.filter(patient__in=UserModel.objects.patients_visible_to(user))

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
