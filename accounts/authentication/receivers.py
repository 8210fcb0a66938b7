"""Receivers of Django's sign-in signals."""

from dataclasses import replace
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver

from accounts.authentication.services import auth_sessions
from accounts.authentication.services.trust import is_trusted
from accounts.models import AuthSession, User
from therapybridge.core.actor import anonymous
from therapybridge.core.http.requests import PortalRequest


@receiver(user_logged_in, dispatch_uid="accounts.create_browser_session")
def create_browser_session(sender: type, request: PortalRequest, user: User, **kwargs: Any) -> None:
    """Create an AuthSession for the browser, so that it can be listed and revoked."""
    used = any(record["method"] == "mfa" for record in get_authentication_records(request, user))
    caller, browser = anonymous(request).acting_as(user), AuthSession.Kind.BROWSER
    is_enough = used or is_trusted(request, user)
    session = auth_sessions.create(user, browser, by=caller, with_second_factor=is_enough, is_factor_used=used)
    request.session[auth_sessions.SID] = str(session.pk)
    request.session[auth_sessions.BROWSER_KEY] = auth_sessions.new_browser_key()
    request.actor = replace(caller, auth_session=session)
