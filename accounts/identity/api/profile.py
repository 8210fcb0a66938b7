"""The API of people."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.access import actor
from accounts.identity import serializers as identity_serializers
from accounts.identity.services import profile as services_profile
from therapybridge.core.api.bodies import validated


class Me(APIView):
    """Whoever is signed in."""

    @extend_schema(responses=identity_serializers.MeSerializer)
    def get(self, request: Request) -> Response:
        """Show name, role, clinic and time zone."""
        return Response(identity_serializers.MeSerializer(actor(request)).data)

    @extend_schema(request=identity_serializers.MeSerializer, responses=identity_serializers.MeSerializer)
    def patch(self, request: Request) -> Response:
        """Change names or time zone."""
        changes = validated(identity_serializers.MeSerializer(data=request.data, partial=True))
        user = services_profile.update_me(actor(request), request=request, **changes)
        return Response(identity_serializers.MeSerializer(user).data)
