"""A person's own account: names, time zone and the address to sign in with."""

from typing import Any

from django.db import transaction
from django.urls import reverse

from accounts.identity.audit_actions import USER_EMAIL_CHANGE_ASKED, USER_UPDATED
from accounts.identity.services import email_verification
from accounts.mail.services import queue_email
from accounts.models import User
from audit import log
from therapybridge.core import limits, links
from therapybridge.core.actor import Actor
from therapybridge.core.text import tidy_address


def ask_new_address(email: str, *, by: Actor) -> None:
    """E-mail the link that makes `email` the sign-in address; nothing changes until it is followed.

    If the address is taken, its owner gets an e-mail instead; the caller cannot tell the difference.
    """
    address = tidy_address(email)
    limits.check("email", f"{by.network} {by.user.pk}")
    with transaction.atomic():
        if User.objects.filter(email=address).exists():
            lines = [
                "Someone tried to use this address for an account. It already belongs to one, so nothing has changed."
            ]
            queue_email("account.email_known", address, "Your address is already in use", lines)
        else:
            _send_proof(by.user, address)
        log.record(USER_EMAIL_CHANGE_ASKED, by.user, by=by, changed=["email"])


def _send_proof(user: User, address: str) -> None:
    path = reverse("accounts:verify_email", args=[email_verification.token_for(user, address)])
    lines = [
        "Please confirm that you want to sign in with this address.",
        "The link works once, for 24 hours. Nothing changes until you follow it.",
    ]
    button = ("Confirm the address", links.absolute(path))
    queue_email(
        "account.email_confirm", address, "Please confirm your new address", lines, button=button, clinic=user.clinic
    )


def update_me(*, by: Actor, **changes: Any) -> User:
    """Change the person's own names and time zone."""
    user: User = by.user
    with transaction.atomic():
        for name, value in changes.items():
            setattr(user, name, value)
        user.save(update_fields=[*changes])
        log.record(USER_UPDATED, user, by=by, changed=sorted(changes))
    return user
