"""Authentication of browser requests."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.crypto import constant_time_compare

from accounts.access import is_background
from accounts.authentication.services import auth_sessions
from accounts.models import AuthSession, User
from therapybridge.core.actor import anonymous
from therapybridge.core.http.requests import PortalRequest
from therapybridge.core.problems import is_api, problem_response

Next = Callable[[PortalRequest], HttpResponse]
# URL names open to a person who still has to set up a second factor.
ENROLMENT = frozenset(
    {
        "accounts:sign_out",
        "accounts:stay",
        "account_reauthenticate",
        "mfa_index",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_view_recovery_codes",
        "mfa_download_recovery_codes",
    }
)


class AuthSessionMiddleware:
    """Checks on every request that the browser's session is still valid; otherwise the request is anonymous."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: PortalRequest) -> HttpResponse:
        """Attach the session's person, or continue as an anonymous request."""
        request.actor = anonymous(request)
        if SESSION_KEY in request.session:
            session = auth_sessions.valid_session(request.session.get(auth_sessions.SID), AuthSession.Kind.BROWSER)
            if session is None or not _is_of(request, session.user):
                logout(request)
            else:
                # Saves the query in which Django would fetch the user again, without the clinic.
                request._cached_user = session.user
                request.actor = auth_sessions.actor_with(session, request.actor)
        return self.get_response(request)

    def process_view(self, request: PortalRequest, view: Callable[..., Any], *arguments: Any) -> HttpResponse | None:
        """Refresh last_used, and redirect people whose role needs a second factor to set one up."""
        session: AuthSession | None = request.actor.auth_session
        if session is None:
            return None
        if not is_background(view):
            auth_sessions.refresh_last_used(session)
        # For the page's time-out warning.
        request.session_seconds = auth_sessions.seconds_left(session)
        match = request.resolver_match
        if not auth_sessions.must_enrol(session) or (match and match.view_name in ENROLMENT):
            return None
        return _to_enrolment(request)


def _is_of(request: HttpRequest, user: User) -> bool:
    """Whether the cookie's session belongs to the user and to their current password."""
    same_person = request.session[SESSION_KEY] == str(user.pk)
    return same_person and constant_time_compare(
        request.session.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash()
    )


def _to_enrolment(request: HttpRequest) -> HttpResponse | HttpResponseRedirect:
    if is_api(request):
        return problem_response(request, auth_sessions.SecondFactorMissing())
    return redirect("mfa_index")
