"""One's own account, and its end."""

from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from rest_framework.request import Request

from accounts import address_proofs, links, standing
from accounts.mail import post
from accounts.models import BreakGlassGrant, ConsentRequest, Invitation, User
from audit import log
from therapybridge.core import limits
from therapybridge.core.errors import Conflict


def ask_new_address(user: User, email: str, *, request: HttpRequest | Request) -> None:
    """Send the link that makes `email` the address to sign in with; nothing changes before it is followed.

    To an address that is someone's goes a letter that says so, and the caller cannot tell.
    """
    address = email.strip().lower()
    limits.check(request, "letter", f"{limits.client_network(request)} {user.pk}")
    with transaction.atomic():
        if User.objects.filter(email=address).exists():
            lines = [
                "Someone wanted to use this address for an account. It is in use for one already, so nothing changed."
            ]
            post("account.email_known", address, "Your address is in use already", lines)
        else:
            _send_proof(user, address)
        log.record("user.email_change_asked", by=user, target=user, changed=["email"], request=request)


def _send_proof(user: User, address: str) -> None:
    path = reverse("accounts:verify_email", args=[address_proofs.proof_for(user, address)])
    lines = [
        "Please confirm that this is the address with which you want to sign in.",
        "The link works once, for 24 hours. Until you follow it nothing changes.",
    ]
    button = ("Confirm the address", links.absolute(path))
    post("account.email_confirm", address, "Please confirm your new address", lines, button=button, clinic=user.clinic)


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
        standing.end_all(user.pk, "deactivated")
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
