"""The API of signing in and out."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication import serializers as shapes
from accounts.authentication.audit_actions import USER_SIGNED_OUT
from accounts.authentication.services import auth_sessions, tokens
from accounts.authentication.services.sign_in import ask_second_factor, sign_in_device, user_by_password
from accounts.second_factor.serializers import ChallengeSerializer
from accounts.second_factor.services import factors
from audit import log
from therapybridge.core.actor import actor_of, anonymous
from therapybridge.core.api.bodies import expect_no_fields, validated
from therapybridge.core.api.views import ApiView


class SignIn(ApiView):
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
        by = anonymous(request)
        user = user_by_password(given["email"], given["password"], by=by)
        if challenge := ask_second_factor(user, by=by):
            asked = {"mfa_required": True, "challenge": challenge, "methods": factors.methods_of(user)}
            return Response(ChallengeSerializer(asked).data, status=202)
        return pair_response(sign_in_device(user, by=by))


class Refresh(ApiView):
    """A refresh token for the next pair."""

    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]
    limits = {"post": "refresh"}

    @extend_schema(request=shapes.RefreshSerializer, responses=shapes.TokenPairSerializer, auth=[])
    def post(self, request: Request) -> Response:
        """Rotate; a token that was used before signs the device out with 401 `token_reused`."""
        given = validated(shapes.RefreshSerializer(data=request.data))
        return pair_response(tokens.rotate_pair(given["refresh_token"], by=anonymous(request)))


class SignOut(ApiView):
    """The end of a device's tokens."""

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request) -> Response:
        """Revoke the session that asks, of the access token or of the browser."""
        expect_no_fields(request)
        by = actor_of(request)
        if by.auth_session:
            auth_sessions.revoke(by.auth_session, "signed_out")
            log.record(USER_SIGNED_OUT, by.auth_session, by=by)
        return Response(status=204)


def pair_response(pair: tokens.TokenPair) -> Response:
    """A pair of tokens as the answer."""
    return Response(shapes.TokenPairSerializer(pair).data)
