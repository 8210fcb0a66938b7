"""API endpoints for risk reviews."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.viewsets import GenericViewSet

from accounts.api import TherapistsView
from audit.audit_actions import Action
from audit.log import record
from sessions_app.audit_actions import (
    RISK_REVIEW_ACKNOWLEDGED,
    RISK_REVIEW_DISPOSED,
    RISK_REVIEW_HANDED_OVER,
    RISK_REVIEW_LISTED,
    RISK_REVIEW_READ,
)
from sessions_app.models import RiskReview
from sessions_app.risk.access import open_review, open_review_to_write
from sessions_app.risk.filters import RiskReviewFilter
from sessions_app.risk.querysets import RiskReviewQuerySet
from sessions_app.risk.serializers import (
    DisposeSerializer,
    HandOverSerializer,
    RiskReviewRowSerializer,
    RiskReviewSerializer,
    review_rows,
)
from sessions_app.risk.services import decisions
from therapybridge.core.api.bodies import IDEMPOTENCY_HEADER, validated
from therapybridge.core.api.revisions import IF_MATCH, etag_of, revision_of
from therapybridge.core.api.serializers import StrictSerializer
from therapybridge.core.idempotency import fingerprint_of, idempotent

HEADERS = [IF_MATCH, IDEMPOTENCY_HEADER]


class RiskReviewViewSet(TherapistsView, GenericViewSet[RiskReview]):
    """Reviews of lines that were listed as possible risk. Drafts open them; nothing deletes them."""

    lookup_url_kwarg = "review_id"
    lookup_value_converter = "id"
    serializer_class = RiskReviewSerializer
    filterset_class = RiskReviewFilter
    keyset_fields = ("-id",)

    def get_queryset(self) -> RiskReviewQuerySet:
        """Reviews on the reader's patients."""
        reader: Any = self.request.user
        rows: RiskReviewQuerySet = RiskReview.objects.visible_to(reader)
        return rows

    @extend_schema(responses=RiskReviewRowSerializer(many=True))
    def list(self, request: Request) -> Response:
        """List risk reviews, newest first, without what was said."""
        by = self.therapist(RISK_REVIEW_LISTED)
        page = self.paginate_queryset(review_rows(self.filter_queryset(self.get_queryset()))) or []
        record(RISK_REVIEW_LISTED, by=by, ids=[row["id"] for row in page], among=[row["patient_id"] for row in page])
        return self.get_paginated_response(RiskReviewRowSerializer(page, many=True).data)

    def retrieve(self, request: Request, review_id: UUID) -> Response:
        """Show a risk review: what was listed, what came of it, and its history."""
        review, access = open_review(self.therapist(RISK_REVIEW_READ), review_id, RISK_REVIEW_READ)
        record(RISK_REVIEW_READ, review, by=access)
        return Response(RiskReviewSerializer(review).data, headers={"ETag": etag_of(review.revision)})

    @extend_schema(parameters=HEADERS, request=None, responses=RiskReviewSerializer)
    @action(detail=True, methods=["post"])
    def acknowledge(self, request: Request, review_id: UUID) -> Response:
        """Say that one has seen the lines of a risk review.

        It stays due. 409 `edit_conflict` if it has changed since that revision.
        """
        return self._act(RISK_REVIEW_ACKNOWLEDGED, review_id, StrictSerializer, decisions.acknowledge)

    @extend_schema(parameters=HEADERS, request=DisposeSerializer, responses=RiskReviewSerializer)
    @action(detail=True, methods=["post"])
    def dispose(self, request: Request, review_id: UUID) -> Response:
        """Close a risk review for good; 409 `edit_conflict` if lines were added since that revision."""
        return self._act(RISK_REVIEW_DISPOSED, review_id, DisposeSerializer, decisions.dispose)

    @extend_schema(parameters=HEADERS, request=HandOverSerializer, responses=RiskReviewSerializer)
    @action(detail=True, methods=["post"], url_path="hand-over")
    def hand_over(self, request: Request, review_id: UUID) -> Response:
        """Make somebody else who treats the patient the owner of a risk review; they get an e-mail."""
        return self._act(RISK_REVIEW_HANDED_OVER, review_id, HandOverSerializer, decisions.hand_over)

    def _act(self, action: Action, review_id: UUID, body: type[Serializer[Any]], service: Any) -> Response:
        review, access = open_review_to_write(self.therapist(action), review_id, action)
        revision, given = revision_of(self.request), validated(body(data=self.request.data))

        def act() -> tuple[int, dict[str, Any]]:
            changed = service(review, revision=revision, access=access, **given)
            return 200, dict(RiskReviewSerializer(changed).data)

        def before_repeat(body: dict[str, Any]) -> None:
            record(RISK_REVIEW_READ, review, by=access)

        fingerprint, route = fingerprint_of(given, str(revision)), f"{action}:{review_id}"
        response = idempotent(self.request, route, fingerprint, act, before_repeat=before_repeat)
        response.headers["ETag"] = etag_of(response.data["revision"])
        return response
