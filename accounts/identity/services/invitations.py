"""Invitations of colleagues and patients, by a link that works once, for seven days."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.authentication.validators import require_good_password
from accounts.care.access import RecordAccess
from accounts.identity.access import open_invitation_link
from accounts.identity.audit_actions import INVITATION_ACCEPTED, INVITATION_REVOKED, INVITATION_SENT
from accounts.identity.models import InvitationEnded
from accounts.mail.services import queue_email
from accounts.models import Clinic, Invitation, PatientProfile, User
from audit import log
from therapybridge.core import limits, links
from therapybridge.core.actor import SYSTEM, Actor
from therapybridge.core.errors import Conflict, Forbidden
from therapybridge.core.text import tidy_address

VALID_FOR = timedelta(days=7)
MAY_INVITE = {
    User.Role.THERAPIST: {User.Role.THERAPIST},
    User.Role.ADMIN: {User.Role.THERAPIST, User.Role.ADMIN},
}


def invite_patient(access: RecordAccess, *, email: str) -> Invitation:
    """E-mail a patient the link to create their sign-in; the patient's earlier link ends.

    Whether someone already signs in with the address is revealed only to the person who follows the link.
    """
    patient = access.patient
    access.require_write(patient.pk)
    limits.check("invitation", limits.requester(access.reader))
    with patient.locked():
        patient.refresh_from_db(fields=["is_active", "password"])
        if not patient.is_active:
            raise Conflict("This patient's account is closed.")
        if patient.has_usable_password():
            raise Conflict("This patient can already sign in.")
        return _invite(User.Role.PATIENT, email, access.reader, patient=patient)


def invite_colleague(*, email: str, role: str, by: Actor) -> Invitation:
    """E-mail someone the link to join the clinic; an earlier link to the address ends.

    Therapists may invite therapists, administrators also administrators; Forbidden otherwise.
    """
    limits.check("invitation", limits.requester(by))
    if by.user is None or by.user.clinic is None:
        raise Forbidden("You may not invite people in this role.")
    with by.user.clinic.locked():
        inviter = User.objects.filter(pk=by.user.pk, is_active=True).first()
        if inviter is None or role not in MAY_INVITE.get(inviter.role, set()):
            raise Forbidden("You may not invite people in this role.")
        return _invite(role, email, by)


def invite_first(clinic: Clinic, *, email: str, role: str, is_sent: bool) -> str:
    """The link with which a clinic's first person joins, invited by the operator; an earlier link ends."""
    invitation, secret = _new_invitation(clinic, role, email, SYSTEM)
    if is_sent:
        _send(invitation, secret)
    log.record(INVITATION_SENT, invitation, by=SYSTEM, changed=["role", "email"])
    return _link(secret)


def _invite(role: str, email: str, by: Actor, *, patient: User | None = None) -> Invitation:
    """Call it while the patient, or of a colleague the clinic, is locked: of two at once the later link counts.

    Forbidden while the sender's own address is unconfirmed: nobody sends e-mails in the name of an invented clinic.
    """
    if not by.user.is_verified:
        raise Forbidden("Confirm your own e-mail address first.")
    invitation, secret = _new_invitation(by.user.clinic, role, email, by, patient=patient)
    _send(invitation, secret)
    log.record(INVITATION_SENT, invitation, by=by, changed=["role", "email"])
    return invitation


def _new_invitation(
    clinic: Clinic, role: str, email: str, by: Actor, *, patient: User | None = None
) -> tuple[Invitation, str]:
    address, (secret, token_hash) = tidy_address(email), links.new_secret()
    whose = Q(patient=patient) if patient else Q(patient=None, email_index=Invitation.index_of(address))
    earlier = Invitation.objects.open().filter(whose, clinic=clinic)
    Invitation.end_all(earlier, "revoked", action=INVITATION_REVOKED, by=by)
    invitation = Invitation.objects.create(
        clinic=clinic,
        role=role,
        email=address,
        email_index=Invitation.index_of(address),
        patient=patient,
        invited_by=by.user,
        token_hash=token_hash,
        expires_at=timezone.now() + VALID_FOR,
    )
    return invitation, secret


def _link(secret: str) -> str:
    return links.absolute(reverse("accounts:invitation", args=[secret]))


def _send(invitation: Invitation, secret: str) -> None:
    clinic = invitation.clinic
    lines = [
        f"You have been invited to your own pages at {clinic.name}."
        if invitation.patient_id
        else f"You have been invited to work with {clinic.name} in TherapyBridge.",
        "Choose a password to get started. The link works once, for seven days.",
        "If you did not expect this, you can ignore it.",
    ]
    button = ("Accept the invitation", _link(secret))
    queue_email(
        "invitation.sent", invitation.email, f"An invitation from {clinic.name}", lines, button=button, clinic=clinic
    )


def revoke_invitation(invitation: Invitation, *, by: Actor | RecordAccess) -> None:
    """Revoke an open invitation; Conflict if it is no longer open.

    For a patient's invitation, `by` is the access to the record; a colleague's may be revoked by its sender and by
    administrators. Forbidden otherwise.
    """
    if not _may_revoke(invitation, by):
        raise Forbidden
    invitation.move_to("revoked", action=INVITATION_REVOKED, by=by)


def _may_revoke(invitation: Invitation, by: Actor | RecordAccess) -> bool:
    if isinstance(by, RecordAccess):
        return by.may_write and invitation.patient_id == by.patient.pk
    user = by.user
    if invitation.patient_id or user is None or user.clinic_id != invitation.clinic_id:
        return False
    return bool(user.is_active and (user.is_clinic_admin or user.pk == invitation.invited_by_id))


def accept_invitation(secret: str, *, password: str, by: Actor, **details: Any) -> User:
    """Accept an invitation, once; `details` of a colleague are first_name, last_name and time_zone.

    The address counts as confirmed, since the link was sent there. LinkGone also if someone else signs in with it.
    """
    invitation = open_invitation_link(secret)
    user = invitation.patient or User(clinic=invitation.clinic, role=invitation.role, **details)
    without_password, user.email = user.password, invitation.email
    form = require_good_password(password, user, "password")
    user.password, user.is_verified = make_password(form), True
    try:
        with transaction.atomic():
            # Lock the person first, in the same order as code that closes the account.
            _let_in(user, without_password)
            invitation.move_to("accepted", action=INVITATION_ACCEPTED, by=by.acting_as(user))
    except (IntegrityError, InvitationEnded) as error:
        raise links.LinkGone from error
    return user


def _let_in(user: User, without_password: str) -> None:
    """Create a colleague's account, or give an existing patient an address and a password."""
    if not user.is_patient:
        user.save()
        return
    same = User.objects.filter(pk=user.pk, password=without_password, is_active=True)
    if not same.update(email=user.email, password=user.password, is_verified=True):
        raise links.LinkGone
    profile, _ = PatientProfile.objects.get_or_create(patient=user)
    if profile.email is None and user.email:
        profile.email, profile.email_index = user.email, PatientProfile.index_of(user.email)
        profile.save(update_fields=["email", "email_index"])
