"""Endpoints for the milestones of a plan."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import TherapistsView
from audit.log import record
from therapybridge.core.api.bodies import IDEMPOTENCY_HEADER, expect_no_fields, validated
from therapybridge.core.api.filters import ChangesFilter
from therapybridge.core.api.revisions import IF_MATCH, etag_of, revision_of
from therapybridge.core.idempotency import fingerprint_of, idempotent
from treatment.models import PlanMilestone
from treatment.plans.access import open_milestone, open_milestone_to_write, open_plan, open_plan_to_write
from treatment.plans.audit_actions import (
    MILESTONE_ADDED,
    MILESTONE_CHANGED,
    MILESTONE_LISTED,
    MILESTONE_ORDERED,
    MILESTONE_READ,
    MILESTONE_REMOVED,
)
from treatment.plans.serializers import (
    ChangeMilestoneSerializer,
    MilestoneOrderSerializer,
    MilestoneSerializer,
    WriteMilestoneSerializer,
)
from treatment.plans.services import milestones


class Milestones(TherapistsView, GenericAPIView[PlanMilestone]):
    """The milestones of a plan, at most 50."""

    item_route = "api-plan-milestone"
    serializer_class = MilestoneSerializer
    queryset = PlanMilestone.objects.none()  # the schema reads the model from it
    filterset_class = ChangesFilter
    keyset_fields = ("position", "id")

    def get_queryset(self) -> QuerySet[PlanMilestone]:
        """Those of the plan in the URL."""
        return PlanMilestone.objects.filter(plan=self.kwargs["plan_id"])

    @extend_schema(operation_id="plan_milestones_list", responses=MilestoneSerializer(many=True))
    def get(self, request: Request, plan_id: UUID) -> Response:
        """List a plan's milestones in their order."""
        plan, access = open_plan(self.therapist(MILESTONE_LISTED), plan_id, MILESTONE_LISTED)
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        record(MILESTONE_LISTED, plan, by=access, ids=[row.pk for row in rows])
        return self.get_paginated_response(MilestoneSerializer(rows, many=True).data)

    @extend_schema(
        operation_id="plan_milestones_create",
        parameters=[IDEMPOTENCY_HEADER],
        request=WriteMilestoneSerializer,
        responses={201: MilestoneSerializer},
    )
    def post(self, request: Request, plan_id: UUID) -> Response:
        """Add a milestone at the end."""
        by = self.therapist(MILESTONE_ADDED)
        plan, access = open_plan_to_write(by, plan_id, MILESTONE_ADDED)
        given = validated(WriteMilestoneSerializer(data=request.data))

        def create() -> tuple[int, dict[str, Any]]:
            return 201, dict(MilestoneSerializer(milestones.add_milestone(plan, access=access, **given)).data)

        def before_repeat(body: dict[str, Any]) -> None:
            milestone, access = open_milestone(by, UUID(body["id"]), MILESTONE_READ)
            record(MILESTONE_READ, milestone, by=access)

        route = f"plans.milestones:{plan_id}"
        response = idempotent(request, route, fingerprint_of(given), create, before_repeat=before_repeat)
        response.headers["ETag"] = etag_of(response.data["revision"])
        return response


class MilestoneOrder(TherapistsView):
    """The order of the milestones of a plan."""

    @extend_schema(operation_id="plan_milestones_order", request=MilestoneOrderSerializer, responses={204: None})
    def put(self, request: Request, plan_id: UUID) -> Response:
        """Put all milestones of a plan in this order; 409 `milestones_changed` if others are there than named."""
        plan, access = open_plan_to_write(self.therapist(MILESTONE_ORDERED), plan_id, MILESTONE_ORDERED)
        given = validated(MilestoneOrderSerializer(data=request.data))
        milestones.order_milestones(plan, given["milestones"], access=access)
        return Response(status=204)


class OneMilestone(TherapistsView):
    """A milestone of a plan."""

    @extend_schema(operation_id="plan_milestones_retrieve", responses=MilestoneSerializer)
    def get(self, request: Request, milestone_id: UUID) -> Response:
        """Show a milestone."""
        milestone, access = open_milestone(self.therapist(MILESTONE_READ), milestone_id, MILESTONE_READ)
        record(MILESTONE_READ, milestone, by=access)
        return _answer(milestone)

    @extend_schema(
        operation_id="plan_milestones_update",
        parameters=[IF_MATCH],
        request=ChangeMilestoneSerializer(partial=True),
        responses=MilestoneSerializer,
    )
    def patch(self, request: Request, milestone_id: UUID) -> Response:
        """Change a milestone's words, date or status.

        409 `edit_conflict` says who changed it since that revision, and when.
        """
        by = self.therapist(MILESTONE_CHANGED)
        milestone, access = open_milestone_to_write(by, milestone_id, MILESTONE_CHANGED)
        revision = revision_of(request)
        given = validated(ChangeMilestoneSerializer(data=request.data, partial=True))
        return _answer(milestones.change_milestone(milestone, revision=revision, access=access, **given))

    @extend_schema(operation_id="plan_milestones_destroy", parameters=[IF_MATCH], request=None, responses={204: None})
    def delete(self, request: Request, milestone_id: UUID) -> Response:
        """Remove a milestone from a draft; 409 `plan_started` later, when it can be dropped (status `discontinued`)."""
        by = self.therapist(MILESTONE_REMOVED)
        milestone, access = open_milestone_to_write(by, milestone_id, MILESTONE_REMOVED)
        revision = revision_of(request)
        expect_no_fields(request)
        milestones.remove_milestone(milestone, revision=revision, access=access)
        return Response(status=204)


def _answer(milestone: PlanMilestone) -> Response:
    """The milestone, with its revision as ETag."""
    return Response(MilestoneSerializer(milestone).data, headers={"ETag": etag_of(milestone.revision)})
