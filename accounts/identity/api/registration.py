"""The API of signing up."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.identity import serializers as shapes
from accounts.identity.services import registration
from accounts.identity.services.registration import SENT
from therapybridge.core.actor import anonymous
from therapybridge.core.api.bodies import validated
from therapybridge.core.api.views import ApiView


def sent() -> Response:
    """The same words and status whatever is known of an address."""
    return Response(shapes.SentSerializer({"detail": SENT}).data, status=202)


class SignUp(ApiView):
    """A therapist with a clinic of their own."""

    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]

    @extend_schema(request=shapes.SignUpSerializer, responses={202: shapes.SentSerializer}, auth=[])
    def post(self, request: Request) -> Response:
        """Make an account that opens once the address is confirmed; the answer tells nothing about the address."""
        registration.sign_up(by=anonymous(request), **validated(shapes.SignUpSerializer(data=request.data)))
        return sent()


class VerifyEmail(ApiView):
    """Proof of an address."""

    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]

    @extend_schema(request=shapes.VerifyEmailSerializer, responses={204: None}, auth=[])
    def post(self, request: Request) -> Response:
        """Confirm an address, once, within 24 hours; 404 `link_gone` otherwise."""
        given = validated(shapes.VerifyEmailSerializer(data=request.data))
        registration.confirm_address(given["token"], by=anonymous(request))
        return Response(status=204)
