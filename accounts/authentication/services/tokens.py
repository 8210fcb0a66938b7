"""API tokens: one signed pair per device; the device's session row decides on each use whether they are valid.

A pair follows from the refresh token that bought it and the moment of the purchase, so a device whose answer was lost
can ask again and gets the same pair.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from math import ceil
from typing import Any, NoReturn
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from rest_framework_simplejwt import tokens as simplejwt
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.state import token_backend

from accounts.authentication.audit_actions import USER_TOKEN_REFRESH
from accounts.authentication.services import auth_sessions
from accounts.models import AuthSession, User
from audit import log
from therapybridge.core import limits
from therapybridge.core.actor import Actor
from therapybridge.core.errors import DomainError

PASSWORD_MARK_LENGTH = 32
ASKED_AGAIN_WITHIN = timedelta(seconds=60)
MOST_KEPT = 1024  # tokens, each of some 400 characters


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


@lru_cache(MOST_KEPT)
def _signed_claims(token: bytes | str) -> dict[str, Any]:
    """What a token says, once its signature is found to be ours; what is refused is asked anew each time."""
    claims: dict[str, Any] = token_backend.decode(token)  # type: ignore[arg-type]
    return claims


class _Once:
    """The library's backend, which need not verify again the signature of the same token.

    Whether it has expired, the token asks each time, and its session decides on everything else.
    """

    encode = staticmethod(token_backend.encode)
    get_leeway = staticmethod(token_backend.get_leeway)

    @staticmethod
    def decode(token: bytes | str, *, verify: bool) -> dict[str, Any]:
        """The claims; TokenBackendError unless the signature is ours."""
        return dict(_signed_claims(token)) if verify else token_backend.decode(token, verify=False)  # type: ignore[arg-type]


class AccessToken(simplejwt.AccessToken):
    """Short-lived access to the API; `sid` is its session, `pwd` a fingerprint of the password."""

    def get_token_backend(self) -> Any:
        """A client sends the same token for half an hour."""
        return _Once


class RefreshToken(simplejwt.Token):
    """Can be exchanged for one new pair; its `jti` must be the session's `current`, or the parent of it."""

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
    """Exchange a refresh token for the next pair, and for the same one if asked again before that one is refreshed.

    Raises TokenRefused: token_invalid for anything unknown, expired, revoked or from before a password change,
    token_reused for a token whose child was refreshed or is older than a minute, which revokes the session.
    RateLimited if the device refreshes too often.
    """
    token = _read_refresh(raw_token)
    session = session_of(token)
    limits.check("refresh", f"device:{session.pk}")
    child, now = _child_of(token), timezone.now()
    # The claim tests columns of this one row only: a join would be read from an older snapshot on PostgreSQL, and two
    # concurrent requests could both win.
    rows = AuthSession.objects.filter(pk=session.pk, revoked_at=None)
    moved = {"last_used_at": now, "rotated_at": now, "expires_at": now + RefreshToken.lifetime}
    if not rows.filter(current=_uuid(token["jti"])).update(current=child, **moved):
        given = rows.filter(current=child, rotated_at__gt=now - ASKED_AGAIN_WITHIN).values_list("rotated_at", flat=True)
        moved["rotated_at"] = given.first() or _revoke_replayed(session, by)
    session.current, session.rotated_at = child, moved["rotated_at"]
    return _pair(session, session.user)


def session_of(token: simplejwt.Token) -> AuthSession:
    """The session of a verified token with its user and clinic, in one query; TokenRefused if any of them ended."""
    session = auth_sessions.valid_session(_uuid(token.get("sid")), AuthSession.Kind.DEVICE)
    if session is None or not constant_time_compare(str(token.get("pwd")), password_mark(session.user)):
        raise TokenRefused
    return session


def _child_of(token: simplejwt.Token) -> UUID:
    """The id of the refresh token that this one buys: nobody else can tell it, and it is always the same."""
    made = salted_hmac("accounts.refresh_token", f"{token['sid']}.{token['jti']}", algorithm="sha256")
    return UUID(bytes=made.digest()[:16])


def _revoke_replayed(session: AuthSession, by: Actor) -> NoReturn:
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
    issued = session.rotated_at or timezone.now()
    refresh = _stamped(RefreshToken.for_user(user), session, issued)
    access = _stamped(AccessToken.for_user(user), session, issued)
    left = datetime.fromtimestamp(access["exp"], UTC) - timezone.now()
    return TokenPair(str(access), str(refresh), max(0, ceil(left.total_seconds())), user)


def _stamped(token: Any, session: AuthSession, issued: datetime) -> Any:
    token["jti"] = session.current.hex
    token["sid"] = session.pk.hex
    token["pwd"] = password_mark(session.user)
    # Nothing reads when it was issued, but a token "from the future" would be refused after the clock was put back.
    token.payload.pop("iat")
    token.set_exp(from_time=issued)
    return token


def password_mark(user: User) -> str:
    """32 characters that change with the password and reveal nothing about it."""
    return user.get_session_auth_hash()[:PASSWORD_MARK_LENGTH]


def _uuid(value: object) -> UUID:
    try:
        return UUID(str(value))
    except ValueError as error:
        raise TokenRefused from error
