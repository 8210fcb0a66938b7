"""The API of the browsers and devices that a person is signed in with."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication import serializers as shapes
from accounts.authentication.audit_actions import DEVICE_LISTED
from accounts.authentication.querysets import AuthSessionQuerySet
from accounts.authentication.services import devices as device_services
from accounts.models import AuthSession
from audit import log
from therapybridge.core.actor import actor_of
from therapybridge.core.api.bodies import validated
from therapybridge.core.api.views import ApiView


class Devices(ApiView, GenericAPIView[AuthSession]):
    """Where the person is signed in."""

    queryset = AuthSession.objects.none()
    serializer_class = shapes.DeviceSerializer
    filter_backends: list[Any] = []
    keyset_fields = ("-last_used_at", "-id")
    counts_total = True

    def get_queryset(self) -> AuthSessionQuerySet:
        """One's own only."""
        return device_services.devices_of(actor_of(self.request).user)

    @extend_schema(operation_id="devices_list", responses=shapes.DeviceSerializer(many=True))
    def get(self, request: Request) -> Response:
        """List the last used first."""
        rows = self.paginate_queryset(self.get_queryset()) or []
        log.record(DEVICE_LISTED, by=actor_of(request), ids=[row.pk for row in rows])
        return self.get_paginated_response(self.get_serializer(rows, many=True).data)


class Device(ApiView):
    """One browser or device."""

    @extend_schema(request=None, responses={204: None})
    def delete(self, request: Request, session_id: UUID) -> Response:
        """Sign it out."""
        device_services.sign_out_device(session_id, by=actor_of(request))
        return Response(status=204)


class RevokeAll(ApiView):
    """All of them."""

    @extend_schema(request=shapes.PasswordSerializer, responses={204: None})
    def post(self, request: Request) -> Response:
        """Sign out everywhere, here too; asks for the password every time."""
        given = validated(shapes.PasswordSerializer(data=request.data))
        device_services.sign_out_everywhere(given["password"], by=actor_of(request))
        return Response(status=204)
