"""Receivers of Django's sign-in signals."""

from dataclasses import replace
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.internal.flows.trust import is_trusted_browser
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver

from accounts.authentication.services import auth_sessions
from accounts.models import AuthSession, User
from therapybridge.core.actor import anonymous
from therapybridge.core.http.requests import PortalRequest


@receiver(user_logged_in, dispatch_uid="accounts.create_browser_session")
def create_browser_session(sender: type, request: PortalRequest, user: User, **kwargs: Any) -> None:
    """Create an AuthSession for the browser, so that it can be listed and revoked."""
    shown = any(record["method"] == "mfa" for record in get_authentication_records(request, user))
    shown = shown or is_trusted_browser(request, user)
    caller = anonymous(request).acting_as(user)
    session = auth_sessions.create(user, AuthSession.Kind.BROWSER, by=caller, with_second_factor=shown)
    request.session[auth_sessions.SID] = str(session.pk)
    request.session[auth_sessions.BROWSER_KEY] = auth_sessions.new_browser_key()
    request.actor = replace(caller, auth_session=session)
