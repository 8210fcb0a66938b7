"""The API of signing in and out."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import second_factor, standing, tokens
from accounts.access import actor, auth_session
from accounts.api.shapes import validated
from accounts.serializers import sign_in as shapes
from accounts.serializers.second_factor import ChallengeSerializer
from accounts.sign_in import ask_second_factor, enter_with_device, user_by_password
from audit import log


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
            asked = {"mfa_required": True, "challenge": challenge, "methods": second_factor.methods_of(user)}
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
        return pair_response(tokens.rotate(given["refresh_token"], request))


class SignOut(APIView):
    """The end of a device's tokens."""

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request) -> Response:
        """Revoke the family of the access token, or the browser's session, that asks."""
        if session := auth_session(request):
            standing.end(session, "signed_out")
            log.record("user.signed_out", by=actor(request), target=session, request=request)
        return Response(status=204)


def pair_response(pair: tokens.TokenPair) -> Response:
    """A pair of tokens as the answer."""
    return Response(shapes.TokenPairSerializer(pair).data)
