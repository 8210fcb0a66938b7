"""One's own account, and its end."""

from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from accounts.authentication.services import auth_sessions
from accounts.mail.services import queue_email
from accounts.models import BreakGlassGrant, Clinic, ConsentRequest, Invitation, User
from audit import log
from therapybridge.core import links
from therapybridge.core.errors import Conflict, Forbidden


def deactivate_user(user: User, *, by: User, request: HttpRequest | None = None) -> None:
    """Close an account at once: sessions, devices, links and emergency access end, and stay ended.

    Conflict when it is closed already, or one's own.
    """
    if user.pk == by.pk:
        raise Conflict("Nobody can close their own account.")
    now = timezone.now()
    with transaction.atomic():
        if not User.objects.filter(pk=user.pk, is_active=True).update(is_active=False, updated_at=now):
            raise Conflict("This account is closed already.")
        auth_sessions.revoke_all(user.pk, "deactivated")
        ended = {"revoked_at": now, "updated_at": now}
        Invitation.objects.open().filter(Q(patient=user) | Q(invited_by=user)).update(**ended)
        ConsentRequest.objects.open().filter(Q(patient=user) | Q(requested_by=user)).update(**ended)
        BreakGlassGrant.objects.live().filter(therapist=user).update(ended_at=now, updated_at=now)
        log.record("user.deactivated", by=by, target=user, changed=["is_active"], request=request)
    user.is_active, user.updated_at = False, now


def reactivate_user(user: User, *, by: User, request: HttpRequest | None = None) -> None:
    """Open a closed account again; the person signs in anew, whatever was open before stays ended."""
    now = timezone.now()
    with transaction.atomic():
        if not User.objects.filter(pk=user.pk, is_active=False).update(is_active=True, updated_at=now):
            raise Conflict("This account is open already.")
        log.record("user.reactivated", by=by, target=user, changed=["is_active"], request=request)
    user.is_active, user.updated_at = True, now


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
        auth_sessions.revoke_all(person.pk, "role_changed")
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
    Clinic.objects.select_for_update(no_key=True).get(pk=person.clinic_id)
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
    queue_email("user.role_changed", person.email, "Your role has changed", own, button=button, clinic=person.clinic)
    others = [
        f"{person.full_name} is {role} now.",
        f"{by.full_name} changed it.",
        "If this is not right, change it back and talk to each other.",
    ]
    if person.clinic_id:
        for admin in _admins_of(person.clinic_id).exclude(pk__in=[person.pk, by.pk]):
            queue_email(
                "user.role_changed", admin.email, "A role has changed", others, button=button, clinic=person.clinic
            )
