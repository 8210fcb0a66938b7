"""The API of signing in and out."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import standing, tokens
from accounts.access import actor
from accounts.api.shapes import validated
from accounts.models import AuthSession
from accounts.serializers import sign_in as shapes
from accounts.sign_in import user_by_password
from audit import log


class SignIn(APIView):
    """E-mail and password for a device's first pair of tokens."""

    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]

    @extend_schema(request=shapes.SignInSerializer, responses=shapes.TokenPairSerializer, auth=[])
    def post(self, request: Request) -> Response:
        """Sign in; 401 `invalid_credentials` says nothing about what was wrong."""
        given = validated(shapes.SignInSerializer(data=request.data))
        user = user_by_password(request, given["email"], given["password"])
        return pair_response(tokens.open_family(user, request))


class Refresh(APIView):
    """A refresh token for the next pair."""

    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]
    limits = {"post": "refresh"}

    @extend_schema(request=shapes.RefreshSerializer, responses=shapes.TokenPairSerializer, auth=[])
    def post(self, request: Request) -> Response:
        """Rotate; a token that was used before signs the device out with 401 `token_reused`."""
        given = validated(shapes.RefreshSerializer(data=request.data))
        return pair_response(tokens.rotate(given["refresh_token"], request))


class SignOut(APIView):
    """The end of a device's tokens."""

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request) -> Response:
        """Revoke the family of the access token that asks."""
        if isinstance(request.auth, AuthSession):
            standing.end(request.auth, "signed_out")
            log.record("user.signed_out", by=actor(request), target=request.auth, request=request)
        return Response(status=204)


def pair_response(pair: tokens.TokenPair) -> Response:
    """A pair of tokens as the answer."""
    return Response(shapes.TokenPairSerializer(pair).data)
