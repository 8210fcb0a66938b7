"""The browsers and devices on which a person is signed in."""

from uuid import UUID

from django.db import transaction

from accounts.authentication.audit_actions import DEVICE_ALL_REVOKED, DEVICE_REVOKED, USER_SIGNED_OUT
from accounts.authentication.querysets import AuthSessionQuerySet
from accounts.authentication.services import auth_sessions
from accounts.authentication.services.sign_in import is_own_password
from accounts.authentication.services.tokens import InvalidCredentials
from accounts.models import AuthSession, User
from audit import log
from therapybridge.core.actor import Actor
from therapybridge.core.errors import NotFound


def devices_of(user: User) -> AuthSessionQuerySet:
    """The person's own valid sessions."""
    rows: AuthSessionQuerySet = AuthSession.objects.live().filter(user=user.pk)
    return rows


def sign_out(*, by: Actor) -> None:
    """End the session that asks, of a browser or of a device; nothing for who asks without one."""
    if by.auth_session is None:
        return
    with transaction.atomic():
        auth_sessions.revoke(by.auth_session, "signed_out")
        log.record(USER_SIGNED_OUT, by.auth_session, by=by)


def sign_out_device(session_id: UUID, *, by: Actor) -> None:
    """End one of the person's own sessions; NotFound, audited, for anyone else's."""
    session = devices_of(by.user).filter(pk=session_id).first()
    if session is None:
        log.deny(DEVICE_REVOKED, "not_found", by=by, target=AuthSession(pk=session_id))
        raise NotFound
    with transaction.atomic():
        auth_sessions.revoke(session, "signed_out_elsewhere")
        log.record(DEVICE_REVOKED, session, by=by)


def sign_out_everywhere(password: str, *, by: Actor) -> int:
    """End all of the person's sessions, including the current one; the password is required every time.

    Returns how many there were; InvalidCredentials, audited, for a wrong password.
    """
    if not is_own_password(password, by=by):
        log.deny(DEVICE_ALL_REVOKED, InvalidCredentials.code, by=by, target=by.user)
        raise InvalidCredentials("This password is incorrect.")
    with transaction.atomic():
        count = auth_sessions.revoke_all(by.user.pk, "signed_out_everywhere")
        log.record(DEVICE_ALL_REVOKED, by.user, by=by)
    return count
