"""The API of signing in and out."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.access import actor, auth_session
from accounts.authentication import serializers as shapes
from accounts.authentication.services import auth_sessions, tokens
from accounts.authentication.services.sign_in import ask_second_factor, enter_with_device, user_by_password
from accounts.second_factor.serializers import ChallengeSerializer
from accounts.second_factor.services import factors
from audit import log
from therapybridge.core.api.bodies import validated


class SignIn(APIView):
    """E-mail and password for a device's first pair of tokens."""

    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]
    limits = {"post": "sign_in_address"}

    @extend_schema(
        request=shapes.SignInSerializer,
        responses={200: shapes.TokenPairSerializer, 202: ChallengeSerializer},
        auth=[],
    )
    def post(self, request: Request) -> Response:
        """Sign in; 401 `invalid_credentials` says nothing about what was wrong, 202 asks for a second factor."""
        given = validated(shapes.SignInSerializer(data=request.data))
        user = user_by_password(request, given["email"], given["password"])
        if challenge := ask_second_factor(user, request):
            asked = {"mfa_required": True, "challenge": challenge, "methods": factors.methods_of(user)}
            return Response(ChallengeSerializer(asked).data, status=202)
        return pair_response(enter_with_device(user, request))


class Refresh(APIView):
    """A refresh token for the next pair."""

    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]
    limits = {"post": "refresh"}

    @extend_schema(request=shapes.RefreshSerializer, responses=shapes.TokenPairSerializer, auth=[])
    def post(self, request: Request) -> Response:
        """Rotate; a token that was used before signs the device out with 401 `token_reused`."""
        given = validated(shapes.RefreshSerializer(data=request.data))
        return pair_response(tokens.rotate_pair(given["refresh_token"], request))


class SignOut(APIView):
    """The end of a device's tokens."""

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request) -> Response:
        """Revoke the family of the access token, or the browser's session, that asks."""
        if session := auth_session(request):
            auth_sessions.revoke(session, "signed_out")
            log.record("user.signed_out", by=actor(request), target=session, request=request)
        return Response(status=204)


def pair_response(pair: tokens.TokenPair) -> Response:
    """A pair of tokens as the answer."""
    return Response(shapes.TokenPairSerializer(pair).data)
