"""Coming in by oneself: a therapist signs up with a clinic, and an address is confirmed from a letter."""

from contextlib import suppress
from typing import NoReturn

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from rest_framework.request import Request

from accounts.authentication.audit_actions import USER_SIGNED_IN
from accounts.authentication.services.tokens import InvalidCredentials
from accounts.authentication.validators import require_good_password
from accounts.identity.services import email_verification
from accounts.mail.services import queue_email
from accounts.models import Clinic, User
from audit import log
from therapybridge.core import limits, links
from therapybridge.core.actor import Actor, actor_of
from therapybridge.core.errors import RateLimited

SENT = "If this address can be used, a letter is on its way."


class AddressUnconfirmed(InvalidCredentials):
    """The password was right, but nobody has shown yet that the address is theirs."""

    code = "email_unverified"
    title = "Please confirm your e-mail address first: follow the link in the letter that we have sent you"


def sign_up(
    *,
    first_name: str,
    last_name: str,
    clinic_name: str,
    time_zone: str,
    email: str,
    password: str,
    request: HttpRequest | Request,
) -> None:
    """Make a therapist with a clinic of their own, who can sign in once the address is confirmed.

    Someone whose address is known gets a letter instead; the caller cannot tell, not by the time it takes either.
    """
    clinic = Clinic(name=clinic_name, time_zone=time_zone)
    user = User(role=User.Role.THERAPIST, clinic=clinic, first_name=first_name, last_name=last_name)
    user.email = email.strip().lower()
    require_good_password(password, user, "password")
    limits.check("sign_up", f"ip:{actor_of(request).network}")
    user.password = make_password(password)
    with transaction.atomic():
        if _added(user):
            _ask_to_confirm(user)
            log.record("user.signed_up", by=user, target=user, request=request)
        else:
            _tell_known(user.email, request)


def _added(user: User) -> bool:
    """Whether the person could be added; False when the address is someone's."""
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


def _tell_known(address: str, request: HttpRequest | Request) -> None:
    known = User.objects.filter(email=address).first()
    lines = [
        "Someone, perhaps you, wanted to create an account with this address. There is one already.",
        "If you forgot the password, choose a new one. If it was not you, there is nothing to do.",
    ]
    button = ("Choose a new password", links.absolute(reverse("accounts:password_forgot")))
    queue_email("sign_up.known", address, "You have an account already", lines, button=button)
    reason = "address_in_use"
    log.record("user.signed_up", by=None, target=known, outcome="denied", reason=reason, request=request)


def _ask_to_confirm(user: User) -> None:
    lines = [
        "Please confirm that this address is yours; after that you can sign in.",
        "The link works for 24 hours. If you did not create an account, do not follow it.",
    ]
    path = reverse("accounts:verify_email", args=[email_verification.token_for(user)])
    button = ("Confirm the address", links.absolute(path))
    queue_email("sign_up.confirm", user.email, "Please confirm your address", lines, button=button)


def refuse_unconfirmed(user: User, *, by: Actor) -> NoReturn:
    """Raise AddressUnconfirmed, at sign-in; the e-mail goes out again, as often as its limit allows."""
    with transaction.atomic():
        with suppress(RateLimited):
            limits.check("email", f"{by.network} {user.email}")
            _ask_to_confirm(user)
        log.deny(USER_SIGNED_IN, "unverified", by=by, target=user)
    raise AddressUnconfirmed


def confirm_address(token: str, *, request: HttpRequest | Request) -> User:
    """Take the address that a letter's link proves, a first one or a new one, once; LinkGone otherwise."""
    user, new_address = email_verification.read_token(token)
    old_address = user.email
    changes = {"email": new_address} if new_address else {}
    action, changed = ("user.email_changed", ["email"]) if new_address else ("user.email_confirmed", ["is_verified"])
    try:
        with transaction.atomic():
            same = User.objects.filter(pk=user.pk, is_active=True, updated_at=user.updated_at)
            if not same.update(is_verified=True, updated_at=timezone.now(), **changes):
                raise links.LinkGone
            if new_address:
                _tell_old_address(user, old_address)
            log.record(action, by=user, target=user, changed=changed, request=request)
    except IntegrityError as error:
        raise links.LinkGone from error
    return user


def _tell_old_address(user: User, old_address: str | None) -> None:
    lines = [
        "The address with which you sign in was changed. This one does not work any more.",
        "If it was not you, tell your clinic at once.",
    ]
    queue_email("account.email_changed", old_address, "Your address was changed", lines, clinic=user.clinic)
