"""API tokens: one signed pair per device; the device's session row decides on each use whether they are valid."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from rest_framework_simplejwt import tokens as simplejwt
from rest_framework_simplejwt.exceptions import TokenError

from accounts.authentication.audit_actions import USER_TOKEN_REFRESH
from accounts.authentication.services import auth_sessions
from accounts.models import AuthSession, User
from audit import log
from therapybridge.core.actor import Actor
from therapybridge.core.errors import DomainError
from therapybridge.core.models import uuid7

PASSWORD_MARK_LENGTH = 32


class Unauthenticated(DomainError):
    """The request is not authenticated; the response carries the challenge that RFC 9110 requires."""

    code = "not_authenticated"
    status = 401
    title = "Please sign in"
    auth_header = 'Bearer realm="api"'


class InvalidCredentials(Unauthenticated):
    """Wrong e-mail or password; the message is the same whether or not the e-mail is known."""

    code = "invalid_credentials"
    title = "The e-mail address or the password is incorrect"


class TokenRefused(Unauthenticated):
    """The token is invalid or no longer valid."""

    code = "token_invalid"
    title = "Please sign in again"


class AccessToken(simplejwt.AccessToken):
    """Short-lived access to the API; `sid` is its session, `pwd` a fingerprint of the password."""


class RefreshToken(simplejwt.Token):
    """Can be exchanged once for a new pair; its `jti` must be the session's `current`."""

    token_type = "refresh"  # noqa: S105
    lifetime = simplejwt.RefreshToken.lifetime


@dataclass(frozen=True)
class TokenPair:
    """The tokens that a device stores: two signed strings; `expires_in` is the access token's lifetime in seconds."""

    access_token: str
    refresh_token: str
    expires_in: int
    user: User
    token_type: str = "Bearer"  # noqa: S105


def issue_pair(user: User, *, by: Actor, with_second_factor: bool = False, device_name: str = "") -> TokenPair:
    """Create a device's session and its first token pair."""
    kind = AuthSession.Kind.DEVICE
    session = auth_sessions.create(user, kind, by=by, with_second_factor=with_second_factor, device_name=device_name)
    return _pair(session, user)


def rotate_pair(raw_token: str, *, by: Actor) -> TokenPair:
    """Exchange a refresh token for a new pair, once; a replay revokes the session.

    Raises TokenRefused: token_invalid for anything unknown, expired, revoked or from before a password change,
    token_reused for a replay.
    """
    token = _read_refresh(raw_token)
    session = session_of(token)
    new, now = uuid7(), timezone.now()
    # The claim tests columns of this one row only: a join would be read from an older snapshot on PostgreSQL, and two
    # concurrent requests could both win.
    unused = AuthSession.objects.filter(pk=session.pk, current=token["jti"], revoked_at=None)
    if not unused.update(current=new, last_used_at=now, expires_at=now + RefreshToken.lifetime):
        _revoke_replayed(session, by)
    session.current = new
    return _pair(session, session.user)


def session_of(token: simplejwt.Token) -> AuthSession:
    """The session of a verified token with its user and clinic, in one query; TokenRefused if any of them ended."""
    session = auth_sessions.valid_session(_uuid(token.get("sid")), AuthSession.Kind.DEVICE)
    if session is None or not constant_time_compare(str(token.get("pwd")), password_mark(session.user)):
        raise TokenRefused
    return session


def _revoke_replayed(session: AuthSession, by: Actor) -> None:
    with transaction.atomic():  # over before the refusal, which must not undo it
        auth_sessions.revoke(session, "token_reused")
        log.deny(USER_TOKEN_REFRESH, "token_reused", by=by.acting_as(session.user), target=session)
    raise TokenRefused("This refresh token was used before; the device has been signed out.", code="token_reused")


def _read_refresh(raw_token: str) -> RefreshToken:
    try:
        token = RefreshToken(raw_token)  # type: ignore[arg-type]
    except TokenError as error:
        raise TokenRefused from error
    _uuid(token.get("jti"))
    return token


def _pair(session: AuthSession, user: User) -> TokenPair:
    refresh = _stamped(RefreshToken.for_user(user), session, user)
    refresh["jti"] = session.current.hex
    access = _stamped(AccessToken.for_user(user), session, user)
    return TokenPair(str(access), str(refresh), int(AccessToken.lifetime.total_seconds()), user)


def _stamped(token: Any, session: AuthSession, user: User) -> Any:
    token["sid"] = session.pk.hex
    token["pwd"] = password_mark(user)
    return token


def password_mark(user: User) -> str:
    """32 characters that change with the password and reveal nothing about it."""
    return user.get_session_auth_hash()[:PASSWORD_MARK_LENGTH]


def _uuid(value: object) -> UUID:
    try:
        return UUID(str(value))
    except ValueError as error:
        raise TokenRefused from error
