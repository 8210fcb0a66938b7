"""The API of one's own account."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.identity import serializers as identity_serializers
from accounts.identity.services import profile as profile_services
from therapybridge.core.actor import actor_of
from therapybridge.core.api.bodies import validated
from therapybridge.core.api.views import ApiView


class Me(ApiView):
    """Whoever is signed in."""

    @extend_schema(responses=identity_serializers.MeSerializer)
    def get(self, request: Request) -> Response:
        """Show name, role, clinic and time zone."""
        return Response(identity_serializers.MeSerializer(actor_of(request).user).data)

    @extend_schema(request=identity_serializers.MeSerializer, responses=identity_serializers.MeSerializer)
    def patch(self, request: Request) -> Response:
        """Change names or time zone."""
        changes = validated(identity_serializers.MeSerializer(data=request.data, partial=True))
        user = profile_services.update_me(by=actor_of(request), **changes)
        return Response(identity_serializers.MeSerializer(user).data)
