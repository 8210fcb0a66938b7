"""The browsers and devices that a person is signed in with."""

from uuid import UUID

from django.db import transaction
from django.http import HttpRequest
from rest_framework.request import Request

from accounts.authentication.querysets import AuthSessionQuerySet
from accounts.authentication.services import auth_sessions
from accounts.authentication.services.sign_in import is_password_of
from accounts.authentication.services.tokens import InvalidCredentials
from accounts.models import AuthSession, User
from audit import log
from therapybridge.core.errors import NotFound


def devices_of(user: User) -> AuthSessionQuerySet:
    """The person's own sessions that still hold."""
    rows: AuthSessionQuerySet = AuthSession.objects.live().filter(user=user.pk)
    return rows


def sign_out_device(user: User, session_id: UUID, *, request: HttpRequest | Request) -> None:
    """End one of the person's own sessions; NotFound, on record, for anyone else's."""
    session = devices_of(user).filter(pk=session_id).first()
    if session is None:
        denied = AuthSession(pk=session_id)
        log.record("device.revoked", by=user, target=denied, outcome="denied", reason="not_found", request=request)
        raise NotFound
    with transaction.atomic():
        auth_sessions.revoke(session, "signed_out_elsewhere")
        log.record("device.revoked", by=user, target=session, request=request)


def sign_out_everywhere(user: User, password: str, *, request: HttpRequest | Request) -> int:
    """End all of the person's sessions, the one that asks too; the password is asked for every time.

    Returns how many there were; InvalidCredentials, on record, for a wrong password.
    """
    if not is_password_of(request, user, password):
        reason = InvalidCredentials.code
        log.record("device.all_revoked", by=user, target=user, outcome="denied", reason=reason, request=request)
        raise InvalidCredentials("This password is not right.")
    with transaction.atomic():
        count = auth_sessions.revoke_all(user.pk, "signed_out_everywhere")
        log.record("device.all_revoked", by=user, target=user, request=request)
    return count
