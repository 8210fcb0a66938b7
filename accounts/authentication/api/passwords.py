"""The API of passwords."""

from typing import Any

from django.contrib.auth import update_session_auth_hash
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication import serializers as shapes
from accounts.authentication.services import passwords
from accounts.identity.api.registration import sent
from accounts.identity.serializers import SentSerializer
from accounts.models import AuthSession
from therapybridge.core.actor import actor_of, anonymous
from therapybridge.core.api.bodies import validated
from therapybridge.core.api.views import ApiView


class AskReset(ApiView):
    """An e-mail with a link."""

    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]

    @extend_schema(request=shapes.AskResetSerializer, responses={202: SentSerializer}, auth=[])
    def post(self, request: Request) -> Response:
        """Ask for a link by which to choose a new password; the answer tells nothing about the address."""
        given = validated(shapes.AskResetSerializer(data=request.data))
        passwords.ask_reset(given["email"], by=anonymous(request))
        return sent()


class Reset(ApiView):
    """A new password by the link of an e-mail."""

    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]

    @extend_schema(request=shapes.ResetSerializer, responses={204: None}, auth=[])
    def post(self, request: Request) -> Response:
        """Choose a new password, once, within the hour; every session ends. 404 `link_gone` otherwise."""
        given = validated(shapes.ResetSerializer(data=request.data))
        passwords.reset_password(given["user"], given["token"], given["password"], by=anonymous(request))
        return Response(status=204)


class ChangePassword(ApiView):
    """One's own password."""

    @extend_schema(request=shapes.ChangePasswordSerializer, responses={204: None})
    def post(self, request: Request) -> Response:
        """Change the password; every other session ends. A device that asks has to sign in again, too."""
        given = validated(shapes.ChangePasswordSerializer(data=request.data))
        by = actor_of(request)
        passwords.change_password(given["current_password"], given["new_password"], by=by)
        if not isinstance(request.auth, AuthSession):
            update_session_auth_hash(request._request, by.user)
        return Response(status=204)
