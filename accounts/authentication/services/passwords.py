"""Resetting and changing passwords."""

from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.authentication.audit_actions import USER_PASSWORD_CHANGED, USER_PASSWORD_RESET, USER_RESET_ASKED
from accounts.authentication.services import auth_sessions
from accounts.authentication.services.sign_in import is_own_password
from accounts.authentication.validators import require_good_password
from accounts.mail.services import queue_email
from accounts.mail.tasks import wake_mailer
from accounts.models import User
from audit import log
from therapybridge.core import limits, links
from therapybridge.core.actor import Actor
from therapybridge.core.errors import Conflict, InvalidInput
from therapybridge.core.text import same_address


class ResetTokens(PasswordResetTokenGenerator):
    """Django's tokens, also bound to the account's state: a deactivation ends them for good, even if it is undone."""

    key_salt = "accounts.password_reset"

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        return f"{super()._make_hash_value(user, timestamp)}{user.is_active}{user.updated_at.timestamp()}"


TOKENS = ResetTokens()


def ask_reset(email: str, *, by: Actor) -> None:
    """E-mail a reset link to the person who signs in with this address, without revealing whether there is one.

    For an unknown address the same e-mail is written and rolled back, so that the response time does not differ.
    """
    address = same_address(email)
    limits.check("email", f"{by.network} {address}")
    known = User.objects.filter(email=address, is_active=True).select_related("clinic").first()
    user = known if known is not None and known.has_usable_password() else None
    with transaction.atomic():
        with transaction.atomic():
            _send_link(user or _nobody(address))
            if user is None:
                transaction.set_rollback(True)
        if user is None:
            wake_mailer()
            log.deny(USER_RESET_ASKED, "no_such_account", by=by)
        else:
            log.record(USER_RESET_ASKED, user, by=by)


def _nobody(address: str) -> User:
    return User(email=address, updated_at=timezone.now())


def _send_link(user: User) -> None:
    path = reverse("accounts:password_reset", args=[user.pk, TOKENS.make_token(user)])
    lines = [
        "Someone, perhaps you, asked to reset the password for this address.",
        "The link works once, for one hour. If this wasn't you, you can ignore this e-mail.",
    ]
    button = ("Choose a new password", links.absolute(path))
    queue_email("password.reset", user.email, "Choose a new password", lines, button=button, clinic=user.clinic)


def person_to_reset(user_id: UUID, token: str) -> User:
    """The person whose password the link resets; LinkGone if it is no longer valid."""
    user: User | None = User.objects.select_related("clinic").filter(pk=user_id, is_active=True).first()
    if user is None or not TOKENS.check_token(user, token):
        raise links.LinkGone
    return user


def reset_password(user_id: UUID, token: str, password: str, *, by: Actor) -> None:
    """Set the password through an e-mailed link, once, and end every session; this also confirms the address."""
    user = person_to_reset(user_id, token)
    hashed = make_password(require_good_password(password, user, "password"))
    with transaction.atomic():
        if not _replace(user, hashed, is_verified=True):
            raise links.LinkGone
        auth_sessions.revoke_all(user.pk, "password_reset")
        _tell_changed(user)
        log.record(USER_PASSWORD_RESET, user, by=by.acting_as(user), changed=["password"])


def change_password(current_password: str, new_password: str, *, by: Actor) -> None:
    """Change the person's password and end every other session; InvalidInput, audited, if the current one is wrong."""
    user: User = by.user
    if not is_own_password(current_password, by=by):
        log.deny(USER_PASSWORD_CHANGED, "wrong_password", by=by, target=user)
        raise InvalidInput(errors={"current_password": ["This is not your current password."]})
    hashed = make_password(require_good_password(new_password, user, "new_password"))
    stored = User.objects.get(pk=user.pk)
    with transaction.atomic():
        if not _replace(stored, hashed):
            raise Conflict("The password was changed in the meantime.")
        auth_sessions.revoke_others(by, "password_changed")
        _tell_changed(user)
        log.record(USER_PASSWORD_CHANGED, user, by=by, changed=["password"])
    user.password = hashed


def _replace(user: User, hashed: str, **changes: object) -> bool:
    """Compare-and-swap: only one of two concurrent requests wins."""
    same = User.objects.filter(pk=user.pk, password=user.password, is_active=True)
    return bool(same.update(password=hashed, **changes))


def _tell_changed(user: User) -> None:
    lines = [
        "The password of your account was changed.",
        "If this wasn't you, choose a new one at once and tell your clinic.",
    ]
    button = ("Choose a new password", links.absolute(reverse("accounts:password_forgot")))
    queue_email("password.changed", user.email, "Your password was changed", lines, button=button, clinic=user.clinic)
