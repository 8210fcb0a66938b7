"""Who asks, by token: the family row is asked at every request, so that a revocation acts at once."""

from typing import Any

from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request
from rest_framework_simplejwt.authentication import JWTAuthentication
from rest_framework_simplejwt.exceptions import TokenError

from accounts import standing
from accounts.models import User
from accounts.tokens import AccessToken, TokenRefused, live_family


class TokenAuthentication(JWTAuthentication):
    """Bearer access tokens; `request.auth` is the AuthSession that the token belongs to."""

    def authenticate(self, request: Request) -> tuple[User, Any] | None:  # type: ignore[override]
        """The user and the family, None without a Bearer header, 401 for a token that no longer holds."""
        header = self.get_header(request)
        raw_token = self.get_raw_token(header) if header is not None else None
        if raw_token is None:
            return None
        try:
            family = live_family(AccessToken(raw_token))  # type: ignore[arg-type]
        except (TokenError, TokenRefused) as error:
            raise AuthenticationFailed("Please sign in again.", code="token_invalid") from error
        if standing.must_enrol(family):
            raise standing.SecondFactorMissing
        standing.admit(request._request, family)
        standing.touch(family)
        return family.user, family
