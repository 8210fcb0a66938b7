"""What follows from proofs of identity, whoever checked them."""

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.signals import authentication_step_completed
from allauth.mfa.internal.flows.trust import is_trusted_browser
from allauth.mfa.signals import authenticator_added
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from accounts import standing
from accounts.access import auth_session
from accounts.middleware import SID
from accounts.models import AuthSession, User


@receiver(user_logged_in, dispatch_uid="accounts.begin_browser_session")
def begin_browser_session(sender: type, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Tie the browser to a session that can be listed and revoked."""
    shown = any(record["method"] == "mfa" for record in get_authentication_records(request, user))
    shown = shown or is_trusted_browser(request, user)
    session = standing.begin(user, request, AuthSession.Kind.BROWSER, with_second_factor=shown)
    request.session[SID] = str(session.pk)
    request.auth_session = session  # type: ignore[attr-defined]


@receiver(authentication_step_completed, dispatch_uid="accounts.note_step_up")
def note_step_up(sender: type, request: HttpRequest, *, reauthenticated: bool = False, **kwargs: Any) -> None:
    """A page asked again who it is, and got the answer."""
    session = auth_session(request)
    if reauthenticated and session:
        standing.step_up(session)


@receiver(authenticator_added, dispatch_uid="accounts.note_second_factor")
def note_second_factor(sender: type, request: HttpRequest, **kwargs: Any) -> None:
    """The session in which it was set up has shown it; the others have not."""
    session = auth_session(request)
    if session:
        standing.add_second_factor(session)
