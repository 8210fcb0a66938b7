"""The API of the browsers and devices that a person is signed in with."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.access import actor
from accounts.authentication import serializers as shapes
from accounts.authentication.querysets import AuthSessionQuerySet
from accounts.authentication.services import devices as services
from accounts.models import AuthSession
from audit import log
from therapybridge.core.api.bodies import validated


class Devices(GenericAPIView[AuthSession]):
    """Where the person is signed in."""

    queryset = AuthSession.objects.none()
    serializer_class = shapes.DeviceSerializer
    filter_backends: list[Any] = []
    keyset_fields = ("-last_used_at", "-id")

    def get_queryset(self) -> AuthSessionQuerySet:
        """One's own only."""
        return services.devices_of(actor(self.request))

    @extend_schema(operation_id="devices_list", responses=shapes.DeviceSerializer(many=True))
    def get(self, request: Request) -> Response:
        """List the last used first."""
        rows = self.paginate_queryset(self.get_queryset()) or []
        log.record("device.listed", by=actor(request), ids=[row.pk for row in rows], request=request)
        return self.get_paginated_response(self.get_serializer(rows, many=True).data)


class Device(APIView):
    """One browser or device."""

    @extend_schema(request=None, responses={204: None})
    def delete(self, request: Request, session_id: UUID) -> Response:
        """Sign it out."""
        services.sign_out_device(actor(request), session_id, request=request)
        return Response(status=204)


class RevokeAll(APIView):
    """All of them."""

    @extend_schema(request=shapes.PasswordSerializer, responses={204: None})
    def post(self, request: Request) -> Response:
        """Sign out everywhere, here too; asks for the password every time."""
        given = validated(shapes.PasswordSerializer(data=request.data))
        services.sign_out_everywhere(actor(request), given["password"], request=request)
        return Response(status=204)
