"""API endpoints for emergency access."""

from typing import Any
from uuid import UUID

from django.db.models import Q
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import require_role, require_step_up
from accounts.care import serializers as care_serializers
from accounts.care.access import REVIEWERS, open_grant_to_end, open_grant_to_review
from accounts.care.audit_actions import EMERGENCY_ENDED, EMERGENCY_LISTED, EMERGENCY_OPENED, EMERGENCY_REVIEWED
from accounts.care.querysets import BreakGlassQuerySet
from accounts.care.services import emergency
from accounts.models import BreakGlassGrant, User
from audit.log import record
from therapybridge.core.actor import Actor, actor_of
from therapybridge.core.api.bodies import IDEMPOTENCY_HEADER, expect_no_fields, validated
from therapybridge.core.api.views import ApiView
from therapybridge.core.idempotency import fingerprint_of, idempotent


class EmergencyAccesses(ApiView, GenericAPIView[BreakGlassGrant]):
    """The person's own emergency access, and what waits for their review."""

    limits = {"get": "urgent", "post": "urgent"}

    serializer_class = care_serializers.EmergencyAccessSerializer
    filter_backends: list[Any] = []
    keyset_fields = ("-id",)
    counts_total = True

    def get_queryset(self) -> BreakGlassQuerySet:
        """The person's own, and those of others that await review."""
        reader = actor_of(self.request).user
        waiting = BreakGlassGrant.objects.reviewable_by(reader).awaiting_review()
        rows: BreakGlassQuerySet = BreakGlassGrant.objects.filter(
            Q(therapist=reader.pk) | Q(pk__in=waiting.values("pk"))
        )
        return rows

    @extend_schema(
        operation_id="emergency_access_list", responses=care_serializers.EmergencyAccessSerializer(many=True)
    )
    def get(self, request: Request) -> Response:
        """List emergency access, newest first."""
        by = actor_of(request)
        require_role(by, EMERGENCY_LISTED, *REVIEWERS)
        rows = self.paginate_queryset(self.get_queryset()) or []
        record(EMERGENCY_LISTED, by=by, ids=[row.pk for row in rows])
        return self.get_paginated_response([_shown(row, by) for row in rows])

    @extend_schema(
        operation_id="emergency_access_open",
        parameters=[IDEMPOTENCY_HEADER],
        request=care_serializers.OpenEmergencySerializer,
        responses={201: care_serializers.EmergencyAccessSerializer},
    )
    def post(self, request: Request) -> Response:
        """Open a record read-only for 1 to 4 hours; needs a recent proof of identity."""
        by = actor_of(request)
        require_role(by, EMERGENCY_OPENED, User.Role.THERAPIST)
        require_step_up(by)
        form = care_serializers.OpenEmergencySerializer(data=request.data)
        form.is_valid(raise_exception=True)
        patient = emergency.find_patient(form.lookup, by=by)

        def create() -> tuple[int, dict[str, Any]]:
            grant = emergency.open_emergency_access(patient, by=by, **form.terms)
            return 201, _shown(grant, by)

        def before_repeat(body: dict[str, Any]) -> None:
            record(EMERGENCY_LISTED, by=by, ids=[UUID(body["id"])])

        fingerprint = fingerprint_of(form.validated_data)
        return idempotent(request, "emergency.open", fingerprint, create, before_repeat=before_repeat)


class EmergencyEnd(ApiView):
    """Ends an emergency access early."""

    limits = {"post": "urgent"}

    @extend_schema(
        operation_id="emergency_access_end", request=None, responses=care_serializers.EmergencyAccessSerializer
    )
    def post(self, request: Request, grant_id: UUID) -> Response:
        """End your own emergency access at once."""
        by = actor_of(request)
        require_role(by, EMERGENCY_ENDED, User.Role.THERAPIST)
        access = open_grant_to_end(by, grant_id, EMERGENCY_ENDED)
        expect_no_fields(request)
        return Response(_shown(emergency.end_emergency_access(access), by))


class EmergencyReview(ApiView):
    """The review of an emergency access by someone else."""

    @extend_schema(
        operation_id="emergency_access_review",
        request=care_serializers.ReviewEmergencySerializer,
        responses=care_serializers.EmergencyAccessSerializer,
    )
    def post(self, request: Request, grant_id: UUID) -> Response:
        """Record the verdict, once; an unjustified access ends at once."""
        by = actor_of(request)
        require_role(by, EMERGENCY_REVIEWED, *REVIEWERS)
        access = open_grant_to_review(by, grant_id, EMERGENCY_REVIEWED)
        given = validated(care_serializers.ReviewEmergencySerializer(data=request.data))
        return Response(_shown(emergency.review_emergency_access(access, **given), by))


def _shown(grant: BreakGlassGrant, by: Actor) -> dict[str, Any]:
    return dict(care_serializers.EmergencyAccessSerializer(grant, context={"reader": by.user}).data)
