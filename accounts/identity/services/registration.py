"""Signing up as a therapist with a new clinic, and confirming an e-mail address."""

from contextlib import suppress
from typing import NoReturn

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.authentication.audit_actions import USER_SIGNED_IN
from accounts.authentication.services.tokens import InvalidCredentials
from accounts.authentication.validators import require_good_password
from accounts.identity.audit_actions import USER_EMAIL_CHANGED, USER_EMAIL_CONFIRMED, USER_SIGNED_UP
from accounts.identity.services import email_verification
from accounts.mail.services import queue_email
from accounts.models import Clinic, User
from audit import log
from therapybridge.core import limits, links
from therapybridge.core.actor import Actor
from therapybridge.core.errors import Forbidden, RateLimited
from therapybridge.core.text import tidy_address

SENT = "If this address can be used, we have sent an e-mail to it."


class AddressUnconfirmed(InvalidCredentials):
    """The password was correct, but the address has not been confirmed yet."""

    code = "email_unverified"
    title = "Please confirm your e-mail address first: follow the link in the e-mail that we sent you"


class SignUpClosed(Forbidden):
    """Nobody starts a practice here without the operator; invitations to join one still work."""

    code = "sign_up_closed"
    title = "You need an invitation"

    def __init__(self) -> None:
        super().__init__("Accounts are given by invitation here. Ask your practice to invite you.")


def is_open() -> bool:
    """Whether anyone may sign up."""
    return bool(settings.SIGN_UP == "open")


def require_open() -> None:
    """SignUpClosed unless anyone may sign up."""
    if not is_open():
        raise SignUpClosed


def sign_up(
    *,
    first_name: str,
    last_name: str,
    clinic_name: str,
    time_zone: str,
    email: str,
    password: str,
    by: Actor,
) -> None:
    """Create a therapist with a new clinic; they can sign in once the address is confirmed.

    If the address is taken, its owner gets a different e-mail; the caller cannot tell, not even by timing.
    SignUpClosed where only invited people join.
    """
    require_open()
    clinic = Clinic(name=clinic_name, time_zone=time_zone)
    user = User(role=User.Role.THERAPIST, clinic=clinic, first_name=first_name, last_name=last_name)
    user.email = tidy_address(email)
    form = require_good_password(password, user, "password")
    limits.check("sign_up", limits.key_of(by, "sign_up"))
    user.password = make_password(form)
    with transaction.atomic():
        if _add(user):
            _ask_to_confirm(user)
            log.record(USER_SIGNED_UP, user, by=by.acting_as(user))
        else:
            _tell_known(user.email, by)


def _add(user: User) -> bool:
    """Whether the person could be added; False if the address is taken."""
    if User.objects.filter(email=user.email).exists():
        return False
    try:
        with transaction.atomic():
            assert user.clinic  # noqa: S101 (for the type checker)
            user.clinic.save()
            user.save()
    except IntegrityError:
        return False
    return True


def _tell_known(address: str, by: Actor) -> None:
    known = User.objects.filter(email=address).first()
    lines = [
        "Someone, perhaps you, tried to create an account with this address. You already have one.",
        "If you forgot your password, choose a new one. If this wasn't you, you can ignore this e-mail.",
    ]
    button = ("Choose a new password", links.absolute(reverse("accounts:password_forgot")))
    queue_email("sign_up.known", address, "You already have an account", lines, button=button)
    log.deny(USER_SIGNED_UP, "address_in_use", by=by, target=known)


def _ask_to_confirm(user: User) -> None:
    lines = [
        "Please confirm your e-mail address. After that you can sign in.",
        "The link works for 24 hours. If you did not create an account, do not follow it.",
    ]
    path = reverse("accounts:verify_email", args=[email_verification.token_for(user)])
    button = ("Confirm the address", links.absolute(path))
    queue_email("sign_up.confirm", user.email, "Please confirm your address", lines, button=button)


def refuse_unconfirmed(user: User, *, by: Actor) -> NoReturn:
    """Raise AddressUnconfirmed at sign-in, and send the e-mail again, within its rate limit."""
    with transaction.atomic():
        with suppress(RateLimited):
            limits.check("email", f"{by.network} {user.email}")
            _ask_to_confirm(user)
        log.deny(USER_SIGNED_IN, "unverified", by=by, target=user)
    raise AddressUnconfirmed


def confirm_address(token: str, *, by: Actor) -> User:
    """Confirm the address of an e-mailed link, whether first or new, once; LinkGone otherwise."""
    user, new_address = email_verification.read_token(token)
    old_address = user.email
    changes = {"email": new_address} if new_address else {}
    action, changed = (USER_EMAIL_CHANGED, ["email"]) if new_address else (USER_EMAIL_CONFIRMED, ["is_verified"])
    try:
        with transaction.atomic():
            same = User.objects.filter(pk=user.pk, is_active=True, updated_at=user.updated_at)
            if not same.update(is_verified=True, **changes):
                raise links.LinkGone
            if new_address:
                _tell_old_address(user, old_address)
            log.record(action, user, by=by.acting_as(user), changed=changed)
    except IntegrityError as error:
        raise links.LinkGone from error
    return user


def _tell_old_address(user: User, old_address: str | None) -> None:
    lines = [
        "The address you sign in with was changed. This one no longer works.",
        "If this wasn't you, tell your clinic at once.",
    ]
    queue_email("account.email_changed", old_address, "Your address was changed", lines, clinic=user.clinic)
