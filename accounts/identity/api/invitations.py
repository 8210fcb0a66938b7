"""The API of invitations."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.access import actor, require_role, require_step_up, require_therapist, visible_patient
from accounts.identity import serializers as shapes
from accounts.identity.querysets import InvitationQuerySet
from accounts.identity.services import invitations as services_invitations
from accounts.models import Invitation, User
from audit import log
from therapybridge.core.api.bodies import IDEMPOTENCY_HEADER, validated
from therapybridge.core.errors import InvalidInput, NotFound
from therapybridge.core.idempotency import fingerprint_of, idempotent

INVITERS = (User.Role.THERAPIST, User.Role.ADMIN)


class Invitations(GenericAPIView[Invitation]):
    """Who was invited."""

    serializer_class = shapes.InvitationSerializer
    filter_backends: list[Any] = []
    keyset_fields = ("-id",)

    def get_queryset(self) -> InvitationQuerySet:
        """Those that the reader may see."""
        invitations: InvitationQuerySet = Invitation.objects.visible_to(actor(self.request))
        return invitations

    @extend_schema(operation_id="invitations_list", responses=shapes.InvitationSerializer(many=True))
    def get(self, request: Request) -> Response:
        """List newest first."""
        reader = require_role(request, "invitation.listed", *INVITERS)
        rows = self.paginate_queryset(self.get_queryset()) or []
        log.record("invitation.listed", by=reader, ids=[row.pk for row in rows], request=request)
        return self.get_paginated_response(shapes.InvitationSerializer(rows, many=True).data)

    @extend_schema(
        parameters=[IDEMPOTENCY_HEADER],
        request=shapes.InviteSerializer,
        responses={201: shapes.InvitationSerializer},
    )
    def post(self, request: Request) -> Response:
        """Invite a patient or a colleague by a letter; inviting an administrator needs a recent proof of identity."""
        inviter = require_role(request, "invitation.sent", *INVITERS)
        given = validated(shapes.InviteSerializer(data=request.data))
        patient = self._patient(request, given["patient"]) if "patient" in given else None
        if given.get("role") == User.Role.ADMIN:
            require_role(request, "invitation.sent", User.Role.ADMIN)
            require_step_up(request)

        def invite() -> tuple[int, dict[str, Any]]:
            if patient:
                made = services_invitations.invite_patient(patient, email=given["email"], by=inviter, request=request)
            else:
                made = services_invitations.invite_colleague(
                    email=given["email"], role=given["role"], by=inviter, request=request
                )
            return 201, dict(shapes.InvitationSerializer(made).data)

        return idempotent(request, "invitations.create", fingerprint_of(dict(request.data)), invite)

    def _patient(self, request: Request, patient_id: UUID) -> User:
        patient = visible_patient(request, patient_id, "invitation.sent")
        require_therapist(request, "invitation.sent", patient.pk)
        return patient


class OneInvitation(APIView):
    """One invitation."""

    @extend_schema(responses={204: None})
    def delete(self, request: Request, invitation_id: UUID) -> Response:
        """Revoke an open invitation."""
        inviter = require_role(request, "invitation.revoked", *INVITERS)
        found = Invitation.objects.visible_to(inviter).filter(pk=invitation_id).first()
        if found is None:
            log.record("invitation.revoked", by=inviter, outcome="denied", reason="not_found", request=request)
            raise NotFound
        services_invitations.revoke_invitation(found, by=inviter, request=request)
        return Response(status=204)


class Accept(APIView):
    """The end of an invitation."""

    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]

    @extend_schema(request=shapes.AcceptSerializer, responses={204: None}, auth=[])
    def post(self, request: Request) -> Response:
        """Accept, once, within seven days, and then sign in; 404 `link_gone` otherwise."""
        given = validated(shapes.AcceptSerializer(data=request.data))
        secret, password = given.pop("secret"), given.pop("password")
        if services_invitations.open_invitation(secret).patient_id is None and "first_name" not in given:
            raise InvalidInput(errors={"first_name": ["Say what you are called."]})
        services_invitations.accept_invitation(secret, password=password, request=request, **given)
        return Response(status=204)
