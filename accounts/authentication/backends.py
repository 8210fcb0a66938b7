"""Token authentication: the session row is read on every request, so that a revocation takes effect at once."""

from typing import Any, cast

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request
from rest_framework_simplejwt.authentication import JWTAuthentication
from rest_framework_simplejwt.exceptions import TokenError

from accounts.authentication.services import auth_sessions
from accounts.authentication.services.tokens import AccessToken, TokenRefused, session_of
from accounts.models import User
from therapybridge.core.actor import actor_of
from therapybridge.core.http.requests import PortalRequest
from therapybridge.core.text import password_forms


class TokenAuthentication(JWTAuthentication):
    """Bearer access tokens; `request.auth` is the AuthSession that the token belongs to."""

    def get_raw_token(self, header: bytes) -> bytes | None:
        """The token; the name of the scheme may be in any case (RFC 9110, section 11.1)."""
        scheme, _, rest = header.strip().partition(b" ")
        return super().get_raw_token(b"Bearer " + rest) if scheme.lower() == b"bearer" else None

    def authenticate(self, request: Request) -> tuple[User, Any] | None:  # type: ignore[override]
        """The user and the session, None without a Bearer header, 401 for a token that is no longer valid."""
        header = self.get_header(request)
        raw_token = self.get_raw_token(header) if header is not None else None
        if raw_token is None:
            return None
        try:
            session = session_of(AccessToken(raw_token))  # type: ignore[arg-type]
        except (TokenError, TokenRefused) as error:
            raise AuthenticationFailed("Please sign in again.", code="token_invalid") from error
        if auth_sessions.must_enrol(session):
            raise auth_sessions.SecondFactorMissing
        portal = cast("PortalRequest", request._request)
        portal.actor = auth_sessions.actor_with(session, actor_of(portal))
        auth_sessions.refresh_last_used(session)
        return session.user, session


class EmailBackend(ModelBackend):
    """Django's backend, which also fetches the clinic, since every page needs its time zone.

    It tries a password in each form that keyboards send. One of ASCII has a single form; any other costs as many hashes
    for an unknown person as for a known one.
    """

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> Any:
        """The user with these credentials, in any form of the password."""
        for form in password_forms(password or ""):
            if user := super().authenticate(request, username, form, **kwargs):
                return user
        return None

    def get_user(self, user_id: Any) -> User | None:
        """The user of a browser session, None once deactivated."""
        user = User.objects.select_related("clinic").filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None
