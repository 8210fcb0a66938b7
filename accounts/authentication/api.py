"""API endpoints for signing in and out, passwords and devices."""

from typing import Any
from uuid import UUID

from django.contrib.auth import update_session_auth_hash
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication import serializers as authentication_serializers
from accounts.authentication.audit_actions import DEVICE_LISTED
from accounts.authentication.querysets import AuthSessionQuerySet
from accounts.authentication.services import devices as device_services
from accounts.authentication.services import passwords, tokens
from accounts.authentication.services.sign_in import ask_second_factor, sign_in_device, user_by_password
from accounts.identity.serializers import SentSerializer, sent_response
from accounts.models import AuthSession
from accounts.second_factor.serializers import ChallengeSerializer
from accounts.second_factor.services import factors
from audit import log
from therapybridge.core.actor import actor_of, anonymous
from therapybridge.core.api.bodies import expect_no_fields, validated
from therapybridge.core.api.views import ApiView


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """OpenAPI description of our token authentication."""

    target_class = "accounts.authentication.backends.TokenAuthentication"
    name = "bearer"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}


class SignIn(ApiView):
    """Exchange e-mail and password for a device's first token pair."""

    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]
    limits = {"post": "sign_in_address"}

    @extend_schema(
        request=authentication_serializers.SignInSerializer,
        responses={200: authentication_serializers.TokenPairSerializer, 202: ChallengeSerializer},
        auth=[],
    )
    def post(self, request: Request) -> Response:
        """Sign in; 401 `invalid_credentials` does not say what was wrong; 202 asks for a second factor."""
        given = validated(authentication_serializers.SignInSerializer(data=request.data))
        by = anonymous(request)
        user = user_by_password(given["email"], given["password"], by=by)
        if challenge := ask_second_factor(user, by=by):
            asked = {"mfa_required": True, "challenge": challenge, "methods": factors.methods_of(user)}
            return Response(ChallengeSerializer(asked).data, status=202)
        return authentication_serializers.pair_response(sign_in_device(user, by=by, device_name=given["device_name"]))


class Refresh(ApiView):
    """Exchange a refresh token for the next token pair."""

    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]
    limits = {"post": "sign_in_address"}  # of any token; each device has a limit of its own

    @extend_schema(
        request=authentication_serializers.RefreshSerializer,
        responses=authentication_serializers.TokenPairSerializer,
        auth=[],
    )
    def post(self, request: Request) -> Response:
        """Rotate the token pair; reusing a refresh token signs the device out with 401 `token_reused`."""
        given = validated(authentication_serializers.RefreshSerializer(data=request.data))
        return authentication_serializers.pair_response(
            tokens.rotate_pair(given["refresh_token"], by=anonymous(request))
        )


class SignOut(ApiView):
    """Sign the device or browser out."""

    limits = {"post": "urgent"}

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request) -> Response:
        """Revoke the current session, whether it belongs to an access token or a browser."""
        expect_no_fields(request)
        device_services.sign_out(by=actor_of(request))
        return Response(status=204)


class AskReset(ApiView):
    """Ask for a password reset link."""

    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]

    @extend_schema(request=authentication_serializers.AskResetSerializer, responses={202: SentSerializer}, auth=[])
    def post(self, request: Request) -> Response:
        """E-mail a password reset link; the answer does not reveal whether the address is known."""
        given = validated(authentication_serializers.AskResetSerializer(data=request.data))
        passwords.ask_reset(given["email"], by=anonymous(request))
        return sent_response()


class Reset(ApiView):
    """Set a new password through an e-mailed link."""

    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]

    @extend_schema(request=authentication_serializers.ResetSerializer, responses={204: None}, auth=[])
    def post(self, request: Request) -> Response:
        """Set a new password; the link works once, for one hour, and every session ends. 404 `link_gone` otherwise."""
        given = validated(authentication_serializers.ResetSerializer(data=request.data))
        passwords.reset_password(given["user"], given["token"], given["password"], by=anonymous(request))
        return Response(status=204)


class ChangePassword(ApiView):
    """Change the current user's password."""

    @extend_schema(request=authentication_serializers.ChangePasswordSerializer, responses={204: None})
    def post(self, request: Request) -> Response:
        """Change the password; every other session ends. A device that makes this request has to sign in again too."""
        given = validated(authentication_serializers.ChangePasswordSerializer(data=request.data))
        by = actor_of(request)
        passwords.change_password(given["current_password"], given["new_password"], by=by)
        if not isinstance(request.auth, AuthSession):
            update_session_auth_hash(request._request, by.user)
        return Response(status=204)


class Devices(ApiView, GenericAPIView[AuthSession]):
    """The person's active sessions."""

    queryset = AuthSession.objects.none()
    serializer_class = authentication_serializers.DeviceSerializer
    filter_backends: list[Any] = []
    keyset_fields = ("-last_used_at", "-id")
    counts_total = True

    def get_queryset(self) -> AuthSessionQuerySet:
        """Only the person's own sessions."""
        return device_services.devices_of(actor_of(self.request).user)

    @extend_schema(operation_id="devices_list", responses=authentication_serializers.DeviceSerializer(many=True))
    def get(self, request: Request) -> Response:
        """List the active sessions, most recently used first."""
        rows = self.paginate_queryset(self.get_queryset()) or []
        log.record(DEVICE_LISTED, by=actor_of(request), ids=[row.pk for row in rows])
        return self.get_paginated_response(self.get_serializer(rows, many=True).data)


class Device(ApiView):
    """One browser or device."""

    limits = {"delete": "urgent"}

    @extend_schema(request=None, responses={204: None})
    def delete(self, request: Request, session_id: UUID) -> Response:
        """Sign this browser or device out."""
        device_services.sign_out_device(session_id, by=actor_of(request))
        return Response(status=204)


class RevokeAll(ApiView):
    """Sign out everywhere."""

    limits = {"post": "urgent"}

    @extend_schema(request=authentication_serializers.PasswordSerializer, responses={204: None})
    def post(self, request: Request) -> Response:
        """Revoke every session, including the current one; the password is required every time."""
        given = validated(authentication_serializers.PasswordSerializer(data=request.data))
        device_services.sign_out_everywhere(given["password"], by=actor_of(request))
        return Response(status=204)
