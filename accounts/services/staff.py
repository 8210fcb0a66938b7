"""The clinic's administration of its people: their roles, and accounts that are closed and opened again."""

from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from accounts import links, standing
from accounts.mail import post
from accounts.models import Clinic, Invitation, User
from accounts.services.profile import deactivate_user
from audit import log
from therapybridge.core.errors import Conflict, Forbidden

STAFF_ROLES = (User.Role.THERAPIST, User.Role.ADMIN)


def change_role(person: User, role: str, *, by: User, request: HttpRequest | None = None) -> None:
    """Give a colleague another role; they sign in anew, their invitations of administrators end, and they and all
    administrators are told.

    Conflict for one's own role and for the clinic's last administrator; Forbidden for patients and operators.
    """
    _require_colleague(person, by)
    if role not in STAFF_ROLES or person.role not in STAFF_ROLES or person.is_superuser:
        raise Forbidden("This role cannot be given or taken here.")
    now = timezone.now()
    with transaction.atomic():
        _require_other_admin(person)
        same = User.objects.filter(pk=person.pk, role=person.role)
        if not same.exclude(role=role).update(role=role, updated_at=now):
            raise Conflict("Someone else changed this role meanwhile.")
        standing.end_all(person.pk, "role_changed")
        _end_invitations(person, role)
        person.role, person.updated_at = role, now
        _announce(person, by)
        log.record("user.role_changed", by=by, target=person, changed=["role"], request=request)


def close_account(person: User, *, by: User, request: HttpRequest | None = None) -> None:
    """Deactivate someone; Conflict for oneself and for the clinic's last administrator."""
    _require_colleague(person, by)
    with transaction.atomic():
        _require_other_admin(person)
        deactivate_user(person, by=by, request=request)


def _end_invitations(person: User, role: str) -> None:
    """Who no longer runs the clinic brings no administrators in; what a therapist may send stays good."""
    if role != User.Role.ADMIN:
        now = timezone.now()
        sent = Invitation.objects.open().filter(invited_by=person, role=User.Role.ADMIN)
        sent.update(revoked_at=now, updated_at=now)


def _require_colleague(person: User, by: User) -> None:
    if person.pk == by.pk:
        raise Conflict("Nobody can change their own role or close their own account. Ask another administrator.")
    if not by.is_superuser and (person.clinic_id != by.clinic_id or not by.is_clinic_admin):
        raise Forbidden


def _require_other_admin(person: User) -> None:
    """Conflict if the clinic would be left without an administrator; the clinic's row orders those who try at once."""
    if person.clinic_id is None or not person.is_clinic_admin or not person.is_active:
        return
    Clinic.objects.select_for_update().get(pk=person.clinic_id)
    if not _admins_of(person.clinic_id).exclude(pk=person.pk).exists():
        raise Conflict("The clinic needs an administrator: make somebody else one first.")


def _admins_of(clinic_id: UUID) -> QuerySet[User]:
    admins: QuerySet[User] = User.objects.filter(clinic=clinic_id, role=User.Role.ADMIN, is_active=True)
    return admins.filter(is_superuser=False)


def _announce(person: User, by: User) -> None:
    """A letter to the person and to every administrator but the one who did it."""
    role = person.get_role_display().lower()
    button = ("Open TherapyBridge", links.absolute(reverse("home")))
    own = [f"Your role is {role} now.", "Please sign in again.", "If you did not expect this, ask your administrator."]
    post("user.role_changed", person.email, "Your role has changed", own, button=button, clinic=person.clinic)
    others = [
        f"{person.full_name} is {role} now.",
        f"{by.full_name} changed it.",
        "If this is not right, change it back and talk to each other.",
    ]
    if person.clinic_id:
        for admin in _admins_of(person.clinic_id).exclude(pk__in=[person.pk, by.pk]):
            post("user.role_changed", admin.email, "A role has changed", others, button=button, clinic=person.clinic)
