"""Joining by invitation: colleagues and patients follow a link that works once, for seven days."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.authentication.validators import require_good_password
from accounts.care.access import RecordAccess, is_treated_by
from accounts.identity.audit_actions import INVITATION_ACCEPTED, INVITATION_REVOKED, INVITATION_SENT
from accounts.identity.models import InvitationEnded
from accounts.mail.services import queue_email
from accounts.models import Invitation, PatientProfile, User
from audit import log
from therapybridge.core import limits, links
from therapybridge.core.actor import Actor
from therapybridge.core.errors import Conflict, Forbidden

VALID_FOR = timedelta(days=7)
MAY_INVITE = {
    User.Role.THERAPIST: {User.Role.THERAPIST},
    User.Role.ADMIN: {User.Role.THERAPIST, User.Role.ADMIN},
}


def invite_patient(access: RecordAccess, *, email: str) -> Invitation:
    """Send a patient of the therapist the link to a sign-in of their own; an earlier link of the patient ends.

    Whether the address is someone's sign-in already shows only to whoever follows the link.
    """
    patient = access.patient
    access.require_write(patient.pk)
    if not patient.is_active:
        raise Conflict("This patient's account is closed.")
    if patient.has_usable_password():
        raise Conflict("This patient can sign in already.")
    return _invite(User.Role.PATIENT, email, access.reader, patient=patient)


def invite_colleague(*, email: str, role: str, by: Actor) -> Invitation:
    """Send someone the link to an account in the same clinic; an earlier link to the address ends.

    Therapists invite therapists, administrators also administrators; Forbidden for everything else.
    """
    inviter = by.user
    if inviter is None or inviter.clinic is None or role not in MAY_INVITE.get(inviter.role, set()):
        raise Forbidden("You may not invite people in this role.")
    return _invite(role, email, by)


def _invite(role: str, email: str, by: Actor, *, patient: User | None = None) -> Invitation:
    limits.check("invitation", limits.requester(by))
    clinic = by.user.clinic
    address, (secret, token_hash), now = email.strip().lower(), links.new_secret(), timezone.now()
    whose = Q(patient=patient) if patient else Q(patient=None, email_index=Invitation.index_of(address))
    with transaction.atomic():
        Invitation.objects.open().filter(whose, clinic=clinic).update(revoked_at=now, updated_at=now)
        invitation = Invitation.objects.create(
            clinic=clinic,
            role=role,
            email=address,
            email_index=Invitation.index_of(address),
            patient=patient,
            invited_by=by.user,
            token_hash=token_hash,
            expires_at=now + VALID_FOR,
        )
        _send(invitation, secret)
        log.record(INVITATION_SENT, invitation, by=by, changed=["role", "email"])
    return invitation


def _send(invitation: Invitation, secret: str) -> None:
    clinic = invitation.clinic
    lines = [
        f"You are invited to your own pages at {clinic.name}."
        if invitation.patient_id
        else f"You are invited to work with {clinic.name} in TherapyBridge.",
        "Choose a password to begin. The link works once, for seven days.",
        "If you did not expect this, there is nothing to do.",
    ]
    button = ("Accept the invitation", links.absolute(reverse("accounts:invitation", args=[secret])))
    queue_email(
        "invitation.sent", invitation.email, f"An invitation from {clinic.name}", lines, button=button, clinic=clinic
    )


def revoke_invitation(invitation: Invitation, *, by: Actor | RecordAccess) -> None:
    """Make an open invitation's link useless; Conflict when it has ended already.

    A patient's takes the access to the record; a colleague's whoever sent it, or runs the clinic. Forbidden otherwise.
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


def open_invitation(secret: str) -> Invitation:
    """The invitation that a link's secret opens; LinkGone when it has ended, or its patient cannot be let in.

    A patient's ends with the care of whoever sent it: they chose the address.
    """
    invitation = (
        Invitation.objects.open()
        .select_related("clinic", "patient__clinic", "invited_by")
        .filter(token_hash=links.hashed(secret))
        .first()
    )
    patient = invitation.patient if invitation else None
    if invitation is None or (patient and not _may_join(patient, invitation.invited_by)):
        raise links.LinkGone
    return invitation


def _may_join(patient: User, invited_by: User | None) -> bool:
    is_known = patient.has_usable_password()
    return patient.is_active and not is_known and is_treated_by(invited_by, patient.pk)


def accept_invitation(secret: str, *, password: str, by: Actor, **details: Any) -> User:
    """Let the invited person in, once; `details` of a colleague are first_name, last_name and time_zone.

    The address counts as confirmed: the link came there. LinkGone also when it is someone else's to sign in with.
    """
    invitation = open_invitation(secret)
    user = invitation.patient or User(clinic=invitation.clinic, role=invitation.role, **details)
    without_password, user.email = user.password, invitation.email
    require_good_password(password, user, "password")
    user.password, user.is_verified = make_password(password), True
    try:
        with transaction.atomic():
            # The person first, in the order of whoever closes the account meanwhile.
            _let_in(user, without_password)
            invitation.move_to("accepted", action=INVITATION_ACCEPTED, by=by.acting_as(user))
    except (IntegrityError, InvitationEnded) as error:
        raise links.LinkGone from error
    return user


def _let_in(user: User, without_password: str) -> None:
    """Add a colleague; give a patient, who is here already and has no password yet, the means to sign in."""
    if not user.is_patient:
        user.save()
        return
    same = User.objects.filter(pk=user.pk, password=without_password, is_active=True)
    now = timezone.now()
    if not same.update(email=user.email, password=user.password, is_verified=True, updated_at=now):
        raise links.LinkGone
    profile, _ = PatientProfile.objects.get_or_create(patient=user)
    if profile.email is None and user.email:
        profile.email, profile.email_index = user.email, PatientProfile.index_of(user.email)
        profile.save(update_fields=["email", "email_index", "updated_at"])
