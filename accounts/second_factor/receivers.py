"""What follows from proofs of identity, whoever checked them."""

from typing import Any

from allauth.account.signals import authentication_step_completed
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.access import auth_session
from accounts.authentication.services import auth_sessions
from accounts.models import User
from accounts.second_factor.services import factors
from audit import log


@receiver(authentication_step_completed, dispatch_uid="accounts.note_step_up")
def note_step_up(
    sender: type, request: HttpRequest, user: User, *, reauthenticated: bool = False, **kwargs: Any
) -> None:
    """A page asked again who it is, and got the answer."""
    session = auth_session(request)
    if reauthenticated and session:
        with transaction.atomic():
            auth_sessions.mark_stepped_up(session)
            log.record("user.stepped_up", by=user, target=user, request=request)


@receiver(mfa.authenticator_added, dispatch_uid="accounts.note_second_factor")
def note_second_factor(
    sender: type, request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any
) -> None:
    """The session in which it was set up has shown it; the others have not, and end."""
    session = auth_session(request)
    if authenticator.type not in factors.FACTORS:
        return note_recovery_codes(sender, request, user)
    with transaction.atomic():
        if session:
            auth_sessions.mark_second_factor(session)
        log.record("second_factor.added", by=user, target=user, reason=authenticator.type, request=request)
    return None


@receiver(mfa.authenticator_reset, dispatch_uid="accounts.note_recovery_codes")
def note_recovery_codes(sender: type, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """The person has new recovery codes; the earlier ones are worthless."""
    log.record("recovery_codes.generated", by=user, target=user, request=request)


@receiver(mfa.authenticator_removed, dispatch_uid="accounts.note_removal")
def note_removal(sender: type, request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    """What it may have opened elsewhere ends; one row, also for recovery codes that go with the last factor."""
    if authenticator.type not in factors.FACTORS:
        return
    session = auth_session(request)
    with transaction.atomic():
        auth_sessions.revoke_all(user.pk, "second_factor_removed", but=session.pk if session else None)
        log.record("second_factor.removed", by=user, target=user, reason=authenticator.type, request=request)


@receiver(mfa.authenticator_used, dispatch_uid="accounts.note_use")
def note_use(
    sender: type,
    request: HttpRequest,
    user: User,
    authenticator: Authenticator,
    *,
    reauthenticated: bool = False,
    **kwargs: Any,
) -> None:
    """A factor was shown at sign-in; to prove it again is on record as that."""
    if not reauthenticated:
        log.record("second_factor.used", by=user, target=user, reason=authenticator.type, request=request)


@receiver(mfa.authentication_failed, dispatch_uid="accounts.note_failure")
def note_failure(sender: type, request: HttpRequest, user: User, *, reauthentication: bool, **kwargs: Any) -> None:
    """A wrong second factor."""
    action = "user.stepped_up" if reauthentication else "second_factor.failed"
    reason = factors.InvalidCode.code
    log.record(action, by=user, target=user, outcome="denied", reason=reason, request=request)
