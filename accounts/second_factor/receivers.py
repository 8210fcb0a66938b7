"""Receivers of django-allauth's signals."""

from typing import Any

from allauth.account.signals import authentication_step_completed
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.authentication.audit_actions import USER_STEPPED_UP
from accounts.authentication.querysets import FACTORS
from accounts.authentication.services import auth_sessions
from accounts.models import User
from accounts.second_factor.audit_actions import (
    RECOVERY_CODES_GENERATED,
    SECOND_FACTOR_ADDED,
    SECOND_FACTOR_FAILED,
    SECOND_FACTOR_REMOVED,
    SECOND_FACTOR_USED,
)
from accounts.second_factor.services import factors
from audit import log
from therapybridge.core.actor import Actor, actor_of


@receiver(authentication_step_completed, dispatch_uid="accounts.record_step_up")
def record_step_up(
    sender: type, request: HttpRequest, user: User, *, method: str, reauthenticated: bool = False, **kwargs: Any
) -> None:
    """Mark the session as stepped up after a confirmation on a page."""
    by = _person(request, user)
    if reauthenticated and by.auth_session:
        with transaction.atomic():
            auth_sessions.mark_stepped_up(by.auth_session, by_factor=method == "mfa")
            log.record(USER_STEPPED_UP, user, by=by)


@receiver(mfa.authenticator_added, dispatch_uid="accounts.record_second_factor")
def record_second_factor(
    sender: type, request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any
) -> None:
    """Mark the current session as using the new factor, and end the others."""
    by = _person(request, user)
    if authenticator.type not in FACTORS:
        log.record(RECOVERY_CODES_GENERATED, user, by=by)
        return
    with transaction.atomic():
        if by.auth_session:
            auth_sessions.mark_second_factor(by.auth_session)
        log.record(SECOND_FACTOR_ADDED, user, by=by, reason=authenticator.type)


@receiver(mfa.authenticator_reset, dispatch_uid="accounts.record_recovery_codes")
def record_recovery_codes(sender: type, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Audit new recovery codes."""
    log.record(RECOVERY_CODES_GENERATED, user, by=_person(request, user))


@receiver(mfa.authenticator_removed, dispatch_uid="accounts.end_other_sessions")
def end_other_sessions(
    sender: type, request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any
) -> None:
    """End the other sessions after a factor was removed; one audit row, even if recovery codes go with it."""
    if authenticator.type not in FACTORS:
        return
    by = _person(request, user)
    with transaction.atomic():
        auth_sessions.revoke_others(by, "second_factor_removed")
        log.record(SECOND_FACTOR_REMOVED, user, by=by, reason=authenticator.type)


@receiver(mfa.authenticator_used, dispatch_uid="accounts.record_use")
def record_use(
    sender: type,
    request: HttpRequest,
    user: User,
    authenticator: Authenticator,
    *,
    reauthenticated: bool = False,
    **kwargs: Any,
) -> None:
    """Audit the use of a factor at sign-in; step-up has an audit action of its own."""
    if not reauthenticated:
        log.record(SECOND_FACTOR_USED, user, by=_person(request, user), reason=authenticator.type)


@receiver(mfa.authentication_failed, dispatch_uid="accounts.record_failure")
def record_failure(sender: type, request: HttpRequest, user: User, *, reauthentication: bool, **kwargs: Any) -> None:
    """Audit a wrong second factor."""
    action = USER_STEPPED_UP if reauthentication else SECOND_FACTOR_FAILED
    log.deny(action, factors.InvalidCode.code, by=_person(request, user), target=user)


def _person(request: HttpRequest, user: User) -> Actor:
    """The person of the signal; between password and code nobody is signed in yet."""
    return actor_of(request).acting_as(user)
