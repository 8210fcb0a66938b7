"""One's own account, and its end."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from rest_framework.request import Request

from accounts.identity.services import email_verification
from accounts.mail.services import queue_email
from accounts.models import User
from audit import log
from therapybridge.core import limits, links
from therapybridge.core.actor import actor_of


def ask_new_address(user: User, email: str, *, request: HttpRequest | Request) -> None:
    """Send the link that makes `email` the address to sign in with; nothing changes before it is followed.

    To an address that is someone's goes a letter that says so, and the caller cannot tell.
    """
    address = email.strip().lower()
    limits.check("email", f"{actor_of(request).network} {user.pk}")
    with transaction.atomic():
        if User.objects.filter(email=address).exists():
            lines = [
                "Someone wanted to use this address for an account. It is in use for one already, so nothing changed."
            ]
            queue_email("account.email_known", address, "Your address is in use already", lines)
        else:
            _send_proof(user, address)
        log.record("user.email_change_asked", by=user, target=user, changed=["email"], request=request)


def _send_proof(user: User, address: str) -> None:
    path = reverse("accounts:verify_email", args=[email_verification.token_for(user, address)])
    lines = [
        "Please confirm that this is the address with which you want to sign in.",
        "The link works once, for 24 hours. Until you follow it nothing changes.",
    ]
    button = ("Confirm the address", links.absolute(path))
    queue_email(
        "account.email_confirm", address, "Please confirm your new address", lines, button=button, clinic=user.clinic
    )


def update_me(user: User, *, request: HttpRequest | None = None, **changes: Any) -> User:
    """Change one's own names and time zone."""
    with transaction.atomic():
        for name, value in changes.items():
            setattr(user, name, value)
        user.save(update_fields=[*changes, "updated_at"])
        log.record("user.updated", by=user, target=user, changed=sorted(changes), request=request)
    return user
