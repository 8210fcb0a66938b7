"""The API of second factors."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import sign_in
from accounts.access import actor
from accounts.api.shapes import validated
from accounts.api.sign_in import pair_response
from accounts.serializers import second_factor as shapes
from accounts.serializers.sign_in import TokenPairSerializer


class AnswerChallenge(APIView):
    """The code that a sign-in asked for."""

    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]
    limits = {"post": "sign_in_address"}

    @extend_schema(request=shapes.AnswerSerializer, responses=TokenPairSerializer, auth=[])
    def post(self, request: Request) -> Response:
        """Trade challenge and code for a device's first pair of tokens; 401 `invalid_code` or `challenge_invalid`."""
        given = validated(shapes.AnswerSerializer(data=request.data))
        return pair_response(sign_in.answer_challenge(given["challenge"], given["code"], request))


class StepUp(APIView):
    """Proof, once more, of who asks."""

    @extend_schema(request=shapes.StepUpSerializer, responses={204: None})
    def post(self, request: Request) -> Response:
        """Confirm by password or by code; sensitive operations are open for ten minutes."""
        given = validated(shapes.StepUpSerializer(data=request.data))
        sign_in.step_up(request, actor(request), **given)
        return Response(status=204)
