"""API endpoints for the library of interventions, and for those of a goal."""

from typing import Any
from uuid import UUID

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
from treatment.goals import audit_actions as actions
from treatment.goals import serializers
from treatment.goals.access import (
    open_goal,
    open_goal_to_write,
    open_intervention,
    open_own_intervention,
    open_use_to_write,
)
from treatment.goals.filters import InterventionFilter
from treatment.goals.models import GoalIntervention, Intervention
from treatment.goals.querysets import GoalQuerySet, InterventionQuerySet
from treatment.goals.serializers import InterventionSerializer, UseSerializer
from treatment.goals.services import interventions, library


class Interventions(TherapistsView, GenericAPIView[Intervention]):
    """The library: the product's entries and those of the reader's clinic."""

    item_route = "api-intervention"
    queryset = Intervention.objects.none()  # the schema reads the model from it
    serializer_class = InterventionSerializer
    filterset_class = InterventionFilter
    keyset_fields = ("name", "id")

    def get_queryset(self) -> InterventionQuerySet:
        """What the reader may use."""
        reader: Any = self.request.user
        rows: InterventionQuerySet = Intervention.objects.visible_to(reader)
        return rows

    @extend_schema(operation_id="interventions_list", responses=InterventionSerializer(many=True))
    def get(self, request: Request) -> Response:
        """List interventions by name, retired entries too unless `retired` says otherwise."""
        by = self.therapist(actions.INTERVENTION_LISTED)
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        record(actions.INTERVENTION_LISTED, by=by, ids=[row.pk for row in rows])
        return self.get_paginated_response(InterventionSerializer(rows, many=True).data)

    @extend_schema(
        operation_id="interventions_create",
        parameters=[IDEMPOTENCY_HEADER],
        request=serializers.WriteInterventionSerializer,
        responses={201: InterventionSerializer},
    )
    def post(self, request: Request) -> Response:
        """Add an intervention of one's clinic."""
        by = self.therapist(actions.INTERVENTION_CREATED)
        given = validated(serializers.WriteInterventionSerializer(data=request.data))

        def create() -> tuple[int, dict[str, Any]]:
            return 201, dict(InterventionSerializer(library.create_intervention(by=by, **given)).data)

        response = idempotent(request, "interventions.create", fingerprint_of(given), create, before_repeat=None)
        response.headers["ETag"] = etag_of(response.data["revision"])
        return response


class OneIntervention(TherapistsView):
    """One entry of the library."""

    @extend_schema(operation_id="interventions_retrieve", responses=InterventionSerializer)
    def get(self, request: Request, intervention_id: UUID) -> Response:
        """Show an intervention."""
        by = self.therapist(actions.INTERVENTION_READ)
        entry = open_intervention(by, intervention_id, actions.INTERVENTION_READ)
        record(actions.INTERVENTION_READ, entry, by=by)
        return _answer(entry)

    @extend_schema(
        operation_id="interventions_update",
        parameters=[IF_MATCH],
        request=serializers.WriteInterventionSerializer(partial=True),
        responses=InterventionSerializer,
    )
    def patch(self, request: Request, intervention_id: UUID) -> Response:
        """Change an intervention of one's clinic; 403 `system_intervention` for one of the product."""
        by = self.therapist(actions.INTERVENTION_CHANGED)
        entry = open_own_intervention(by, intervention_id, actions.INTERVENTION_CHANGED)
        revision = revision_of(request)
        given = validated(serializers.WriteInterventionSerializer(data=request.data, partial=True))
        return _answer(library.change_intervention(entry, revision=revision, by=by, **given))


class RetireIntervention(TherapistsView):
    """The end of an entry of the library."""

    @extend_schema(operation_id="interventions_retire", request=None, responses=InterventionSerializer)
    def post(self, request: Request, intervention_id: UUID) -> Response:
        """Offer an intervention no longer; goals that have it keep it."""
        by = self.therapist(actions.INTERVENTION_RETIRED)
        entry = open_own_intervention(by, intervention_id, actions.INTERVENTION_RETIRED)
        expect_no_fields(request)
        return _answer(library.retire_intervention(entry, by=by))


def _answer(entry: Intervention) -> Response:
    return Response(InterventionSerializer(entry).data, headers={"ETag": etag_of(entry.revision)})


class GoalInterventions(TherapistsView, GenericAPIView[GoalIntervention]):
    """The interventions that serve a goal."""

    queryset = GoalIntervention.objects.none()  # the schema reads the model from it
    serializer_class = UseSerializer
    filterset_class = ChangesFilter
    keyset_fields = ("id",)

    def get_queryset(self) -> GoalQuerySet:
        """The goal's, as far as the reader may see them."""
        reader: Any = self.request.user
        rows: GoalQuerySet = GoalIntervention.objects.visible_to(reader).filter(goal=self.kwargs["goal_id"])
        return rows.select_related("intervention")

    @extend_schema(operation_id="goal_interventions_list", responses=UseSerializer(many=True))
    def get(self, request: Request, goal_id: UUID) -> Response:
        """List a goal's interventions in the order in which they were linked."""
        goal, access = open_goal(self.therapist(actions.GOAL_READ), goal_id, actions.GOAL_READ)
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        record(actions.GOAL_READ, goal, by=access, ids=[row.pk for row in rows])
        return self.get_paginated_response(UseSerializer(rows, many=True).data)

    @extend_schema(
        operation_id="goal_interventions_create",
        parameters=[IDEMPOTENCY_HEADER],
        request=serializers.NewUseSerializer,
        responses={201: UseSerializer},
    )
    def post(self, request: Request, goal_id: UUID) -> Response:
        """Link an intervention to a goal; 409 `already_linked`."""
        by = self.therapist(actions.GOAL_INTERVENTION_ADDED)
        goal, access = open_goal_to_write(by, goal_id, actions.GOAL_INTERVENTION_ADDED)
        given = validated(serializers.NewUseSerializer(data=request.data))
        entry = open_intervention(by, given.pop("intervention"), actions.GOAL_INTERVENTION_ADDED)

        def create() -> tuple[int, dict[str, Any]]:
            return 201, dict(UseSerializer(interventions.add_use(goal, entry, access=access, **given)).data)

        def before_repeat(body: dict[str, Any]) -> None:
            record(actions.GOAL_READ, goal, by=access)

        fingerprint, route = fingerprint_of(given, str(entry.pk)), f"goals.interventions:{goal_id}"
        response = idempotent(request, route, fingerprint, create, before_repeat=before_repeat)
        response.headers["ETag"] = etag_of(response.data["revision"])
        return response


class OneGoalIntervention(TherapistsView):
    """One intervention of a goal."""

    @extend_schema(
        operation_id="goal_interventions_update",
        parameters=[IF_MATCH],
        request=serializers.ChangeUseSerializer(partial=True),
        responses=UseSerializer,
    )
    def patch(self, request: Request, use_id: UUID) -> Response:
        """Say how often an intervention is used, and how well it works.

        409 `edit_conflict` says who changed it, and when.
        """
        action = actions.GOAL_INTERVENTION_CHANGED
        use, access = open_use_to_write(self.therapist(action), use_id, action)
        revision = revision_of(request)
        given = validated(serializers.ChangeUseSerializer(data=request.data, partial=True))
        changed = interventions.change_use(use, revision=revision, access=access, **given)
        return Response(UseSerializer(changed).data, headers={"ETag": etag_of(changed.revision)})

    @extend_schema(operation_id="goal_interventions_delete", parameters=[IF_MATCH], responses={204: None})
    def delete(self, request: Request, use_id: UUID) -> Response:
        """Unlink an intervention from a goal."""
        action = actions.GOAL_INTERVENTION_REMOVED
        use, access = open_use_to_write(self.therapist(action), use_id, action)
        interventions.remove_use(use, revision=revision_of(request), access=access)
        return Response(status=204)
