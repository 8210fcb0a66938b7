"""Administration of accounts: closing and reopening them, and changing roles."""

from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.authentication.services import auth_sessions
from accounts.care.audit_actions import EMERGENCY_ENDED
from accounts.consent.audit_actions import CONSENT_REQUEST_REVOKED
from accounts.identity.access import may_administer
from accounts.identity.audit_actions import INVITATION_REVOKED, USER_DEACTIVATED, USER_REACTIVATED, USER_ROLE_CHANGED
from accounts.identity.choices import STAFF_ROLES
from accounts.mail.services import queue_email
from accounts.models import BreakGlassGrant, Clinic, ConsentRequest, Invitation, User
from audit import log
from therapybridge.core import links
from therapybridge.core.actor import Actor
from therapybridge.core.errors import Conflict, Forbidden


def deactivate_user(person: User, *, by: Actor) -> None:
    """Close an account at once: sessions, devices, links and emergency access end for good.

    Conflict if it is already closed, for your own, and for the clinic's last administrator; Forbidden for anyone but an
    administrator of the person's clinic.
    """
    _require_admin_of(person, by)
    now = timezone.now()
    with transaction.atomic():
        _require_other_admin(person)
        if not User.objects.filter(pk=person.pk, is_active=True).update(is_active=False, updated_at=now):
            raise Conflict("This account is already closed.")
        auth_sessions.revoke_all(person.pk, "deactivated")
        _end_all_of(person, by)
        log.record(USER_DEACTIVATED, person, by=by, patient_id=_patient_id(person), changed=["is_active"])
    person.is_active, person.updated_at = False, now


def reactivate_user(person: User, *, by: Actor) -> None:
    """Reopen a closed account; sessions and links from before stay ended, so the person has to sign in again.

    Forbidden for anyone but an administrator of the person's clinic.
    """
    _require_admin_of(person, by)
    now = timezone.now()
    with transaction.atomic():
        if not User.objects.filter(pk=person.pk, is_active=False).update(is_active=True, updated_at=now):
            raise Conflict("This account is already active.")
        log.record(USER_REACTIVATED, person, by=by, patient_id=_patient_id(person), changed=["is_active"])
    person.is_active, person.updated_at = True, now


def _patient_id(person: User) -> UUID | None:
    """A patient's account belongs to their record, also in the audit trail."""
    return person.pk if person.is_patient else None


def change_role(person: User, role: str, *, by: Actor) -> None:
    """Change a colleague's role: they have to sign in again, their emergency access and invitations of administrators
    that they sent end, and they and all administrators are notified.

    Conflict for your own role and for the clinic's last administrator; Forbidden for patients and operators, and for
    anyone but an administrator of the person's clinic.
    """
    _require_admin_of(person, by)
    if role not in STAFF_ROLES or person.role not in STAFF_ROLES or person.is_superuser:
        raise Forbidden("This role cannot be changed here.")
    now = timezone.now()
    with transaction.atomic():
        _require_other_admin(person)
        same = User.objects.filter(pk=person.pk, role=person.role)
        if not same.exclude(role=role).update(role=role, updated_at=now):
            raise Conflict("Someone else changed this role in the meantime.")
        auth_sessions.revoke_all(person.pk, "role_changed")
        _end_invitations(person, role, by)
        _end_emergencies(person, by)
        person.role, person.updated_at = role, now
        _announce(person, by.user)
        log.record(USER_ROLE_CHANGED, person, by=by, changed=["role"])


def _require_admin_of(person: User, by: Actor) -> None:
    if by.user and person.pk == by.user.pk:
        raise Conflict("Nobody can change their own role or close their own account. Ask another administrator.")
    if not may_administer(by.user, person):
        raise Forbidden


def _require_other_admin(person: User) -> None:
    """Raise Conflict if the clinic would have no administrator left; call it with the clinic's row locked."""
    if person.clinic_id is None or not person.is_clinic_admin or not person.is_active:
        return
    Clinic.objects.select_for_update(no_key=True).get(pk=person.clinic_id)
    if not _admins_of(person.clinic_id).exclude(pk=person.pk).exists():
        raise Conflict("The clinic needs an administrator: make someone else one first.")


def _admins_of(clinic_id: UUID) -> QuerySet[User]:
    admins: QuerySet[User] = User.objects.filter(clinic=clinic_id, role=User.Role.ADMIN, is_active=True)
    return admins.filter(is_superuser=False)


def _end_all_of(person: User, by: Actor) -> None:
    """End the person's open links and live emergency accesses."""
    invitations = Invitation.objects.open().filter(Q(patient=person) | Q(invited_by=person))
    Invitation.end_all(invitations, "revoked", action=INVITATION_REVOKED, by=by)
    requests = ConsentRequest.objects.open().filter(Q(patient=person) | Q(requested_by=person))
    ConsentRequest.end_all(requests, "revoked", action=CONSENT_REQUEST_REVOKED, by=by)
    _end_emergencies(person, by)


def _end_invitations(person: User, role: str, by: Actor) -> None:
    """End a former administrator's invitations of administrators; those that therapists may send stay valid."""
    if role != User.Role.ADMIN:
        sent = Invitation.objects.open().filter(invited_by=person, role=User.Role.ADMIN)
        Invitation.end_all(sent, "revoked", action=INVITATION_REVOKED, by=by)


def _end_emergencies(person: User, by: Actor) -> None:
    grants = BreakGlassGrant.objects.live().filter(therapist=person)
    BreakGlassGrant.end_all(grants, "ended", action=EMERGENCY_ENDED, by=by)


def _announce(person: User, changed_by: User) -> None:
    """E-mail the person and every administrator except the one who changed the role."""
    role = person.get_role_display().lower()
    button = ("Open TherapyBridge", links.absolute(reverse("home")))
    own = [f"Your role is now {role}.", "Please sign in again.", "If you did not expect this, ask your administrator."]
    queue_email("user.role_changed", person.email, "Your role has changed", own, button=button, clinic=person.clinic)
    others = [
        f"{person.full_name} is now {role}.",
        f"{changed_by.full_name} changed the role.",
        "If this is not right, change it back and talk to each other.",
    ]
    if person.clinic_id:
        for admin in _admins_of(person.clinic_id).exclude(pk__in=[person.pk, changed_by.pk]):
            queue_email(
                "user.role_changed", admin.email, "A role has changed", others, button=button, clinic=person.clinic
            )
