"""THE access policy: who may see which patient. Every other app's visible_to delegates to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn, Self

from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.db import models
from django.db.models import Exists, F, OuterRef
from django.db.models.functions import Now
from django.utils import timezone

if TYPE_CHECKING:
    from accounts.models import (  # noqa: F401 (bases name them in strings)
        AuthSession,
        BreakGlassGrant,
        ConsentEntry,
        ConsentRequest,
        Invitation,
        TherapistPatient,
        User,
    )

ACCOUNTABLE_YEARS = 6


def _is_treated_by(therapist: User) -> Exists:
    from accounts.models import TherapistPatient as Relation

    relations = Relation.objects.filter(therapist=therapist.pk, patient=OuterRef("pk"), is_active=True)
    return Exists(relations)


def _is_open_to(therapist: User) -> Exists:
    from accounts.models import BreakGlassGrant as Grant

    return Exists(Grant.objects.live().filter(therapist=therapist.pk, patient=OuterRef("pk")))


class UserQuerySet(models.QuerySet["User"]):
    """People, narrowed by role and by who asks."""

    def patients(self) -> Self:
        """Only those who are treated."""
        return self.filter(role="patient")

    def patients_visible_to(self, user: User | AnonymousUser) -> Self:
        """Patients whose record `user` may read: those they treat, those of a live emergency grant, a patient's own.

        Everyone else, clinic staff included, gets none.
        """
        if isinstance(user, AnonymousUser) or not user.is_active:
            return self.none()
        if user.is_therapist:
            return self.patients().filter(_is_treated_by(user) | _is_open_to(user), clinic=user.clinic_id)
        if user.is_patient:
            return self.patients().filter(pk=user.pk)
        return self.none()

    def patients_treated_by(self, user: User | AnonymousUser) -> Self:
        """Patients whose record `user` may write to: by an active care relation in the same clinic, nothing else."""
        if isinstance(user, AnonymousUser) or not user.is_active or not user.is_therapist:
            return self.none()
        return self.patients().filter(_is_treated_by(user), clinic=user.clinic_id)


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

    def lapsed(self) -> Self:
        """Granted and in force, but over: the next entry says so."""
        return self.in_force().filter(status="granted", expires_at__lte=Now())


class PatientOwnedQuerySet(models.QuerySet[Any]):
    """Rows with a field named `patient`."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Rows of patients whom `user` may see."""
        from accounts.models import User as UserModel

        return self.filter(patient__in=UserModel.objects.patients_visible_to(user))


class BreakGlassQuerySet(PatientOwnedQuerySet):
    """Emergency accesses."""

    def live(self) -> Self:
        """Those that open a record now, by the database's clock."""
        return self.filter(ended_at=None, expires_at__gt=Now())

    def reviewable_by(self, user: User | AnonymousUser) -> Self:
        """Those that `user` may judge: a clinic's administrators all of theirs, therapists those to records of their
        patients, and nobody their own.
        """
        from accounts.models import User as UserModel

        if isinstance(user, AnonymousUser) or not user.is_active or not user.clinic_id:
            return self.none()
        others = self.filter(patient__clinic=user.clinic_id).exclude(therapist=user.pk)
        if user.is_clinic_admin:
            return others
        return others.filter(patient__in=UserModel.objects.patients_treated_by(user))

    def awaiting_review(self) -> Self:
        """Those that nobody has judged yet."""
        return self.filter(verdict="")

    def overdue(self) -> Self:
        """Those whose review should be done by now."""
        return self.awaiting_review().filter(review_due_at__lte=Now())


class DisclosureQuerySet(PatientOwnedQuerySet):
    """Disclosures."""

    def accountable(self) -> Self:
        """Those of the last six years, which a patient may ask for (45 CFR 164.528(a)(1))."""
        today = timezone.now()
        since = today.replace(year=today.year - ACCOUNTABLE_YEARS, day=min(today.day, 28))
        return self.filter(disclosed_at__gte=since)


class ConsentRequestQuerySet(PatientOwnedQuerySet):
    """Signing links."""

    def open(self) -> Self:
        """Those that still work."""
        return self.filter(used_at=None, revoked_at=None, expires_at__gt=Now())


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Invitations."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Of the own clinic: to therapists their own and those of patients they treat, to admins those of staff."""
        from accounts.models import User as UserModel

        if isinstance(user, AnonymousUser) or not user.is_active or user.clinic_id is None:
            return self.none()
        rows = self.filter(clinic=user.clinic_id)
        if user.is_clinic_admin:
            return rows.filter(patient=None)
        if user.is_therapist:
            treated = models.Q(patient__in=UserModel.objects.patients_treated_by(user))
            return rows.filter(treated | models.Q(patient=None, invited_by=user.pk))
        return self.none()

    def open(self) -> Self:
        """Those that still work."""
        return self.filter(accepted_at=None, revoked_at=None, expires_at__gt=Now())


class AuthSessionQuerySet(models.QuerySet["AuthSession"]):
    """Browser sessions and token families."""

    def live(self) -> Self:
        """Not revoked, within both limits, of an active person."""
        return self.filter(revoked_at=None, expires_at__gt=Now(), ends_at__gt=Now(), user__is_active=True)

    def with_standing(self) -> Self:
        """With the person, the clinic, whether a second factor exists, and whether an emergency grant is live."""
        from allauth.mfa.models import Authenticator

        from accounts.models import BreakGlassGrant as Grant

        factors = Authenticator.objects.filter(user=OuterRef("user"), type__in=["totp", "webauthn"])
        grants = Grant.objects.live().filter(therapist=OuterRef("user"))
        return self.select_related("user__clinic").annotate(has_factor=Exists(factors), has_grant=Exists(grants))
