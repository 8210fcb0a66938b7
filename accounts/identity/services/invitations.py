"""Coming in by invitation: colleagues and patients follow a link that works once, for seven days."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from rest_framework.request import Request

from accounts.authentication.validators import require_good_password
from accounts.care.access import is_treated_by
from accounts.care.services.relations import require_care
from accounts.mail.services import queue_email
from accounts.models import Invitation, PatientProfile, User
from audit import log
from therapybridge.core import limits, links
from therapybridge.core.actor import actor_of
from therapybridge.core.errors import Conflict, Forbidden

VALID_FOR = timedelta(days=7)
MAY_INVITE = {
    User.Role.THERAPIST: {User.Role.THERAPIST},
    User.Role.ADMIN: {User.Role.THERAPIST, User.Role.ADMIN},
}


def invite_patient(patient: User, *, email: str, by: User, request: HttpRequest | Request) -> Invitation:
    """Send a patient of the therapist the link to a sign-in of their own; an earlier link of the patient ends.

    Whether the address is someone's sign-in already shows only to whoever follows the link.
    """
    require_care(patient.pk, by=by)
    if not patient.is_active:
        raise Conflict("This patient's account is closed.")
    if patient.has_usable_password():
        raise Conflict("This patient can sign in already.")
    return _invite(User.Role.PATIENT, email, by, request, patient=patient)


def invite_colleague(*, email: str, role: str, by: User, request: HttpRequest | Request) -> Invitation:
    """Send someone the link to an account in the same clinic; an earlier link to the address ends.

    Therapists invite therapists, administrators also administrators; Forbidden for everything else.
    """
    if by.clinic is None or role not in MAY_INVITE.get(User.Role(by.role), set()):
        raise Forbidden("You may not invite people in this role.")
    return _invite(role, email, by, request)


def _invite(
    role: str, email: str, by: User, request: HttpRequest | Request, *, patient: User | None = None
) -> Invitation:
    limits.check("invitation", limits.requester(actor_of(request)))
    assert by.clinic  # noqa: S101 (for the type checker: only operators have none, and they invite nobody)
    address, (secret, token_hash), now = email.strip().lower(), links.new_secret(), timezone.now()
    whose = Q(patient=patient) if patient else Q(patient=None, email_index=Invitation.index_of(address))
    with transaction.atomic():
        Invitation.objects.open().filter(whose, clinic=by.clinic).update(revoked_at=now, updated_at=now)
        invitation = Invitation.objects.create(
            clinic=by.clinic,
            role=role,
            email=address,
            email_index=Invitation.index_of(address),
            patient=patient,
            invited_by=by,
            token_hash=token_hash,
            expires_at=now + VALID_FOR,
        )
        _send(invitation, secret)
        log.record("invitation.sent", by=by, target=invitation, changed=["role", "email"], request=request)
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


def revoke_invitation(invitation: Invitation, *, by: User, request: HttpRequest | Request) -> None:
    """Make an open invitation's link useless; Conflict when it has ended already."""
    now = timezone.now()
    with transaction.atomic():
        if not Invitation.objects.open().filter(pk=invitation.pk).update(revoked_at=now, updated_at=now):
            raise Conflict("This invitation has ended already.")
        log.record("invitation.revoked", by=by, target=invitation, changed=["revoked_at"], request=request)


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
    if invitation is None or (patient and not _may_come_in(patient, invitation.invited_by)):
        raise links.LinkGone
    return invitation


def _may_come_in(patient: User, invited_by: User | None) -> bool:
    is_known = patient.has_usable_password()
    return patient.is_active and not is_known and is_treated_by(invited_by, patient.pk)


def accept_invitation(secret: str, *, password: str, request: HttpRequest | Request, **details: Any) -> User:
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
            _use_up(invitation)
            log.record("invitation.accepted", by=user, target=invitation, changed=["accepted_at"], request=request)
    except IntegrityError as error:
        raise links.LinkGone from error
    return user


def _use_up(invitation: Invitation) -> None:
    now = timezone.now()
    if not Invitation.objects.open().filter(pk=invitation.pk).update(accepted_at=now, updated_at=now):
        raise links.LinkGone


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
