"""API endpoints for the current user, signing up and invitations."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import require_role, require_step_up
from accounts.care.access import open_record_to_write
from accounts.identity import serializers as identity_serializers
from accounts.identity.access import INVITERS, open_invitation, open_invitation_link
from accounts.identity.audit_actions import INVITATION_LISTED, INVITATION_REVOKED, INVITATION_SENT
from accounts.identity.querysets import InvitationQuerySet
from accounts.identity.services import invitations as invitation_services
from accounts.identity.services import profile as profile_services
from accounts.identity.services import registration
from accounts.models import Invitation, User
from audit import log
from therapybridge.core.actor import actor_of, anonymous
from therapybridge.core.api.bodies import IDEMPOTENCY_HEADER, validated
from therapybridge.core.api.views import ApiView
from therapybridge.core.errors import InvalidInput
from therapybridge.core.idempotency import fingerprint_of, idempotent


class Me(ApiView):
    """The current user."""

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


class SignUp(ApiView):
    """Signs up a therapist with a new clinic."""

    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]

    @extend_schema(
        request=identity_serializers.SignUpSerializer, responses={202: identity_serializers.SentSerializer}, auth=[]
    )
    def post(self, request: Request) -> Response:
        """Create an account, usable once the address is confirmed; does not reveal whether the address is known."""
        registration.sign_up(
            by=anonymous(request), **validated(identity_serializers.SignUpSerializer(data=request.data))
        )
        return identity_serializers.sent_response()


class VerifyEmail(ApiView):
    """Confirms an e-mail address."""

    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]

    @extend_schema(request=identity_serializers.VerifyEmailSerializer, responses={204: None}, auth=[])
    def post(self, request: Request) -> Response:
        """Confirm an address; the link works once, for 24 hours. 404 `link_gone` otherwise."""
        given = validated(identity_serializers.VerifyEmailSerializer(data=request.data))
        registration.confirm_address(given["token"], by=anonymous(request))
        return Response(status=204)


class Invitations(ApiView, GenericAPIView[Invitation]):
    """Invitations that were sent."""

    serializer_class = identity_serializers.InvitationSerializer
    filter_backends: list[Any] = []
    keyset_fields = ("-id",)

    def get_queryset(self) -> InvitationQuerySet:
        """Invitations visible to the current user."""
        invitations: InvitationQuerySet = Invitation.objects.visible_to(actor_of(self.request).user)
        return invitations

    @extend_schema(operation_id="invitations_list", responses=identity_serializers.InvitationSerializer(many=True))
    def get(self, request: Request) -> Response:
        """List invitations, newest first."""
        by = actor_of(request)
        require_role(by, INVITATION_LISTED, *INVITERS)
        rows = self.paginate_queryset(self.get_queryset()) or []
        log.record(INVITATION_LISTED, by=by, ids=[row.pk for row in rows])
        return self.get_paginated_response(identity_serializers.InvitationSerializer(rows, many=True).data)

    @extend_schema(
        parameters=[IDEMPOTENCY_HEADER],
        request=identity_serializers.InviteSerializer,
        responses={201: identity_serializers.InvitationSerializer},
    )
    def post(self, request: Request) -> Response:
        """Invite a patient or a colleague by e-mail; inviting an administrator needs a recent proof of identity."""
        by = actor_of(request)
        require_role(by, INVITATION_SENT, *INVITERS)
        given = validated(identity_serializers.InviteSerializer(data=request.data))
        access = open_record_to_write(by, given["patient"], INVITATION_SENT) if "patient" in given else None
        if given.get("role") == User.Role.ADMIN:
            require_role(by, INVITATION_SENT, User.Role.ADMIN)
            require_step_up(by)

        def invite() -> tuple[int, dict[str, Any]]:
            if access:
                made = invitation_services.invite_patient(access, email=given["email"])
            else:
                made = invitation_services.invite_colleague(email=given["email"], role=given["role"], by=by)
            return 201, dict(identity_serializers.InvitationSerializer(made).data)

        def before_repeat(body: dict[str, Any]) -> None:
            log.record(INVITATION_LISTED, by=by, ids=[UUID(body["id"])])

        fingerprint = fingerprint_of(dict(request.data))
        return idempotent(request, "invitations.create", fingerprint, invite, before_repeat=before_repeat)


class OneInvitation(ApiView):
    """One invitation."""

    @extend_schema(responses={204: None})
    def delete(self, request: Request, invitation_id: UUID) -> Response:
        """Revoke an open invitation."""
        by = actor_of(request)
        require_role(by, INVITATION_REVOKED, *INVITERS)
        found, handler = open_invitation(by, invitation_id, INVITATION_REVOKED)
        invitation_services.revoke_invitation(found, by=handler)
        return Response(status=204)


class Accept(ApiView):
    """Accepts an invitation."""

    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]

    @extend_schema(request=identity_serializers.AcceptSerializer, responses={204: None}, auth=[])
    def post(self, request: Request) -> Response:
        """Accept an invitation; the link works once, for seven days. Sign in afterwards. 404 `link_gone` otherwise."""
        given = validated(identity_serializers.AcceptSerializer(data=request.data))
        secret, password = given.pop("secret"), given.pop("password")
        if open_invitation_link(secret).patient_id is None and "first_name" not in given:
            raise InvalidInput(errors={"first_name": ["Enter your name."]})
        invitation_services.accept_invitation(secret, password=password, by=anonymous(request), **given)
        return Response(status=204)
