"""API endpoints for second factors and step-up."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication.serializers import TokenPairSerializer, pair_response
from accounts.authentication.services import sign_in
from accounts.second_factor import serializers as second_factor_serializers
from therapybridge.core.actor import actor_of, anonymous
from therapybridge.core.api.bodies import validated
from therapybridge.core.api.views import ApiView


class AnswerChallenge(ApiView):
    """Completes a sign-in with a second factor."""

    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]
    limits = {"post": "sign_in_address"}

    @extend_schema(request=second_factor_serializers.AnswerSerializer, responses=TokenPairSerializer, auth=[])
    def post(self, request: Request) -> Response:
        """Exchange a challenge and code for a device's first token pair; 401 `invalid_code` or `challenge_invalid`."""
        given = validated(second_factor_serializers.AnswerSerializer(data=request.data))
        by, device_name = anonymous(request), given["device_name"]
        return pair_response(
            sign_in.answer_challenge(given["challenge"], given["code"], by=by, device_name=device_name)
        )


class StepUp(ApiView):
    """Confirms the person's identity again."""

    @extend_schema(request=second_factor_serializers.StepUpSerializer, responses={204: None})
    def post(self, request: Request) -> Response:
        """Confirm by password or code; sensitive operations are then allowed for ten minutes."""
        given = validated(second_factor_serializers.StepUpSerializer(data=request.data))
        sign_in.step_up(by=actor_of(request), **given)
        return Response(status=204)
