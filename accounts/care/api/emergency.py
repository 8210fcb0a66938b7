"""The API of emergency access."""

from typing import Any
from uuid import UUID

from django.db.models import Q
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.access import actor, require_role, require_step_up
from accounts.care import access as emergency_access
from accounts.care import serializers as shapes
from accounts.care.querysets import BreakGlassQuerySet
from accounts.care.services import emergency as services
from accounts.models import BreakGlassGrant, User
from audit import log
from therapybridge.core.actor import actor_of
from therapybridge.core.api.bodies import IDEMPOTENCY_HEADER, validated
from therapybridge.core.idempotency import fingerprint_of, idempotent

REVIEWERS = (User.Role.THERAPIST, User.Role.ADMIN)


class EmergencyAccesses(GenericAPIView[BreakGlassGrant]):
    """What one opened, and what waits for one's review."""

    serializer_class = shapes.EmergencyAccessSerializer
    filter_backends: list[Any] = []
    keyset_fields = ("-id",)

    def get_queryset(self) -> BreakGlassQuerySet:
        """One's own, and those of others that nobody has judged yet."""
        reader = actor(self.request)
        waiting = BreakGlassGrant.objects.reviewable_by(reader).awaiting_review()
        rows: BreakGlassQuerySet = BreakGlassGrant.objects.filter(
            Q(therapist=reader.pk) | Q(pk__in=waiting.values("pk"))
        )
        return rows

    @extend_schema(operation_id="emergency_access_list", responses=shapes.EmergencyAccessSerializer(many=True))
    def get(self, request: Request) -> Response:
        """List newest first."""
        reader = require_role(request, "emergency.listed", *REVIEWERS)
        rows = self.paginate_queryset(self.get_queryset()) or []
        log.record("emergency.listed", by=reader, ids=[row.pk for row in rows], request=request)
        return self.get_paginated_response([_shown(row, reader) for row in rows])

    @extend_schema(
        operation_id="emergency_access_open",
        parameters=[IDEMPOTENCY_HEADER],
        request=shapes.OpenEmergencySerializer,
        responses={201: shapes.EmergencyAccessSerializer},
    )
    def post(self, request: Request) -> Response:
        """Open a record for 1 to 4 hours, to read; needs a recent proof of who asks."""
        therapist = require_role(request, "emergency.opened", User.Role.THERAPIST)
        require_step_up(request)
        form = shapes.OpenEmergencySerializer(data=request.data)
        form.is_valid(raise_exception=True)
        patient = services.find_patient(form.lookup, by=therapist, request=request)

        def act() -> tuple[int, dict[str, Any]]:
            grant = services.open_emergency_access(patient, by=therapist, request=request, **form.terms)
            return 201, _shown(grant, therapist)

        return idempotent(request, "emergency.open", fingerprint_of(form.validated_data), act)


class EmergencyEnd(APIView):
    """The end of an emergency access before its time."""

    @extend_schema(operation_id="emergency_access_end", request=None, responses=shapes.EmergencyAccessSerializer)
    def post(self, request: Request, grant_id: UUID) -> Response:
        """End one's own access at once."""
        therapist = require_role(request, "emergency.ended", User.Role.THERAPIST)
        grant = emergency_access.own_grant(actor_of(request), grant_id, "emergency.ended")
        return Response(_shown(services.end_emergency_access(grant, by=therapist, request=request), therapist))


class EmergencyReview(APIView):
    """The judgement of an emergency access by someone else."""

    @extend_schema(
        operation_id="emergency_access_review",
        request=shapes.ReviewEmergencySerializer,
        responses=shapes.EmergencyAccessSerializer,
    )
    def post(self, request: Request, grant_id: UUID) -> Response:
        """Judge it, once; unjustified ends it at once."""
        reader = require_role(request, "emergency.reviewed", *REVIEWERS)
        grant = emergency_access.reviewable_grant(actor_of(request), grant_id, "emergency.reviewed")
        given = validated(shapes.ReviewEmergencySerializer(data=request.data))
        return Response(_shown(services.review_emergency_access(grant, by=reader, request=request, **given), reader))


def _shown(grant: BreakGlassGrant, reader: User) -> dict[str, Any]:
    return dict(shapes.EmergencyAccessSerializer(grant, context={"reader": reader}).data)
