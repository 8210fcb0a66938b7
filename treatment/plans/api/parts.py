"""Endpoints for the reviews, versions and consents of a plan."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import TherapistsView
from accounts.consent.audit_actions import CONSENT_REQUEST_SENT
from accounts.consent.serializers import ConsentRequestSerializer, ConsentSerializer
from audit.log import deny, record
from therapybridge.core.api.bodies import IDEMPOTENCY_HEADER, validated
from therapybridge.core.api.revisions import IF_MATCH, revision_of
from therapybridge.core.errors import NotFound
from therapybridge.core.idempotency import fingerprint_of, idempotent
from treatment.models import PlanReview, PlanVersion
from treatment.plans.access import open_plan, open_plan_to_write
from treatment.plans.audit_actions import (
    PLAN_CONSENT_RECORDED,
    PLAN_READ,
    PLAN_REVIEW_LISTED,
    PLAN_REVIEWED,
    PLAN_VERSION_LISTED,
    PLAN_VERSION_READ,
)
from treatment.plans.serializers import (
    AskPlanConsentSerializer,
    ConsentDecisionSerializer,
    PlanReviewSerializer,
    PlanVersionRowSerializer,
    PlanVersionSerializer,
)
from treatment.plans.services.consent_links import request_plan_consent
from treatment.plans.services.consents import record_plan_consent
from treatment.plans.services.reviews import review_plan


class Reviews(TherapistsView, GenericAPIView[PlanReview]):
    """Reviews of a plan."""

    serializer_class = PlanReviewSerializer
    filter_backends: list[Any] = []
    keyset_fields = ("-id",)

    def get_queryset(self) -> QuerySet[PlanReview]:
        """Reviews of the plan in the URL."""
        return PlanReview.objects.filter(plan=self.kwargs["plan_id"])

    @extend_schema(operation_id="plan_reviews_list", responses=PlanReviewSerializer(many=True))
    def get(self, request: Request, plan_id: UUID) -> Response:
        """List a plan's reviews, the latest first."""
        plan, access = open_plan(self.therapist(PLAN_REVIEW_LISTED), plan_id, PLAN_REVIEW_LISTED)
        rows = self.paginate_queryset(self.get_queryset()) or []
        record(PLAN_REVIEW_LISTED, plan, by=access, ids=[row.pk for row in rows])
        return self.get_paginated_response(PlanReviewSerializer(rows, many=True).data)

    @extend_schema(
        operation_id="plan_reviews_create",
        parameters=[IF_MATCH, IDEMPOTENCY_HEADER],
        request=PlanReviewSerializer,
        responses={201: PlanReviewSerializer},
    )
    def post(self, request: Request, plan_id: UUID) -> Response:
        """Record today's review of an active plan; the next one is due after `review_every_days`.

        With the outcome `ended`, the plan is completed.
        """
        plan, access = open_plan_to_write(self.therapist(PLAN_REVIEWED), plan_id, PLAN_REVIEWED)
        revision, given = revision_of(request), validated(PlanReviewSerializer(data=request.data))

        def create() -> tuple[int, dict[str, Any]]:
            return 201, dict(PlanReviewSerializer(review_plan(plan, revision=revision, access=access, **given)).data)

        def before_repeat(body: dict[str, Any]) -> None:
            record(PLAN_READ, plan, by=access)

        fingerprint, route = fingerprint_of(given, str(revision)), f"plans.review:{plan_id}"
        return idempotent(request, route, fingerprint, create, before_repeat=before_repeat)


class Versions(TherapistsView, GenericAPIView[PlanVersion]):
    """Versions of a plan."""

    serializer_class = PlanVersionRowSerializer
    filter_backends: list[Any] = []
    keyset_fields = ("-number",)

    def get_queryset(self) -> QuerySet[PlanVersion]:
        """Versions of the plan in the URL, without what they say."""
        return PlanVersion.objects.filter(plan=self.kwargs["plan_id"]).defer("content")

    @extend_schema(operation_id="plan_versions_list", responses=PlanVersionRowSerializer(many=True))
    def get(self, request: Request, plan_id: UUID) -> Response:
        """List a plan's versions, the latest first."""
        plan, access = open_plan(self.therapist(PLAN_VERSION_LISTED), plan_id, PLAN_VERSION_LISTED)
        rows = self.paginate_queryset(self.get_queryset()) or []
        record(PLAN_VERSION_LISTED, plan, by=access, ids=[row.pk for row in rows])
        return self.get_paginated_response(PlanVersionRowSerializer(rows, many=True).data)


class OneVersion(TherapistsView):
    """One version of a plan."""

    @extend_schema(operation_id="plan_versions_retrieve", responses=PlanVersionSerializer)
    def get(self, request: Request, plan_id: UUID, number: int) -> Response:
        """Show what the plan said."""
        plan, access = open_plan(self.therapist(PLAN_VERSION_READ), plan_id, PLAN_VERSION_READ)
        version = plan.versions.filter(number=number).first()
        if version is None:
            deny(PLAN_VERSION_READ, "not_found", by=access, target=plan)
            raise NotFound("This plan has no such version.")
        record(PLAN_VERSION_READ, plan, by=access, ids=[version.pk])
        return Response(PlanVersionSerializer(version).data)


class PlanConsents(TherapistsView):
    """The patient's decisions about a plan."""

    @extend_schema(
        operation_id="plan_consents_create",
        parameters=[IDEMPOTENCY_HEADER],
        request=ConsentDecisionSerializer,
        responses={201: ConsentSerializer},
    )
    def post(self, request: Request, plan_id: UUID) -> Response:
        """Add what the patient decided to the consent log.

        409 `edit_conflict` if the plan has another version by now than the one that they were shown.
        """
        plan, access = open_plan_to_write(self.therapist(PLAN_CONSENT_RECORDED), plan_id, PLAN_CONSENT_RECORDED)
        given = validated(ConsentDecisionSerializer(data=request.data))

        def create() -> tuple[int, dict[str, Any]]:
            return 201, dict(ConsentSerializer(record_plan_consent(plan, access=access, **given).entry).data)

        def before_repeat(body: dict[str, Any]) -> None:
            record(PLAN_READ, plan, by=access)

        route = f"plans.consent:{plan_id}"
        return idempotent(request, route, fingerprint_of(given), create, before_repeat=before_repeat)


class AskPlanConsent(TherapistsView):
    """Asks a patient to sign for a plan."""

    @extend_schema(
        operation_id="plan_consents_request",
        parameters=[IDEMPOTENCY_HEADER],
        request=AskPlanConsentSerializer,
        responses={201: ConsentRequestSerializer},
    )
    def post(self, request: Request, plan_id: UUID) -> Response:
        """Create a signing link about a plan, valid once for seven days, and e-mail it.

        The patient's earlier open links end.

        409 `edit_conflict` if the plan has another version by now than the one that they were shown.
        """
        plan, access = open_plan_to_write(self.therapist(CONSENT_REQUEST_SENT), plan_id, CONSENT_REQUEST_SENT)
        given = validated(AskPlanConsentSerializer(data=request.data))

        def ask() -> tuple[int, dict[str, Any]]:
            row, link = request_plan_consent(plan, access=access, **given)
            told = {"id": row.pk, "types": row.types, "link": link}
            told |= {"expires_at": row.expires_at, "created_at": row.created_at}
            return 201, dict(ConsentRequestSerializer(told).data)

        def before_repeat(body: dict[str, Any]) -> None:
            record(PLAN_READ, plan, by=access)

        route = f"plans.consent_request:{plan_id}"
        return idempotent(request, route, fingerprint_of(given), ask, before_repeat=before_repeat)
