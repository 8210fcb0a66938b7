"""API endpoints for goals."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from accounts.api import TherapistsView
from audit.audit_actions import Action
from audit.log import record
from therapybridge.core.api.bodies import IDEMPOTENCY_HEADER, validated
from therapybridge.core.api.revisions import IF_MATCH, etag_of, revision_of
from therapybridge.core.api.serializers import StrictSerializer
from therapybridge.core.idempotency import fingerprint_of, idempotent
from treatment.goals import audit_actions as actions
from treatment.goals import serializers
from treatment.goals.access import open_goal, open_goal_to_write
from treatment.goals.filters import GoalFilter
from treatment.goals.models import Goal
from treatment.goals.querysets import GoalQuerySet
from treatment.goals.serializers import GoalSerializer, RatingSerializer
from treatment.goals.services import changes, endings
from treatment.goals.services.progress import rate_goal
from treatment.plans.access import open_plan, open_plan_to_write

HEADERS = [IF_MATCH, IDEMPOTENCY_HEADER]


class PlanGoals(TherapistsView, GenericAPIView[Goal]):
    """The goals of a plan."""

    item_route = "api-goal"
    queryset = Goal.objects.none()  # the schema reads the model from it
    serializer_class = GoalSerializer
    filterset_class = GoalFilter
    keyset_fields = ("level", "position", "id")

    def get_queryset(self) -> GoalQuerySet:
        """The plan's, as far as the reader may see them."""
        reader: Any = self.request.user
        rows: GoalQuerySet = Goal.objects.visible_to(reader).filter(plan=self.kwargs["plan_id"])
        return rows

    @extend_schema(operation_id="plan_goals_list", responses=GoalSerializer(many=True))
    def get(self, request: Request, plan_id: UUID) -> Response:
        """List a plan's goals, the topmost first; `parent_id` and `position` make the tree."""
        _, access = open_plan(self.therapist(actions.GOAL_LISTED), plan_id, actions.GOAL_LISTED)
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        record(actions.GOAL_LISTED, by=access, ids=[row.pk for row in rows])
        return self.get_paginated_response(GoalSerializer(rows, many=True).data)

    @extend_schema(
        operation_id="plan_goals_create",
        parameters=[IDEMPOTENCY_HEADER],
        request=serializers.NewGoalSerializer,
        responses={201: GoalSerializer},
    )
    def post(self, request: Request, plan_id: UUID) -> Response:
        """Set a goal; 409 `plan_ended`, or `goal_closed` below one that is not worked on any more."""
        by = self.therapist(actions.GOAL_CREATED)
        plan, access = open_plan_to_write(by, plan_id, actions.GOAL_CREATED)
        given = validated(serializers.NewGoalSerializer(data=request.data))

        def create() -> tuple[int, dict[str, Any]]:
            return 201, dict(GoalSerializer(changes.create_goal(plan, access=access, **given)).data)

        def before_repeat(body: dict[str, Any]) -> None:
            goal, access = open_goal(by, UUID(body["id"]), actions.GOAL_CREATED)
            record(actions.GOAL_READ, goal, by=access)

        route = f"goals.create:{plan_id}"
        response = idempotent(request, route, fingerprint_of(given), create, before_repeat=before_repeat)
        response.headers["ETag"] = etag_of(response.data["revision"])
        return response


class OneGoal(TherapistsView):
    """One goal."""

    @extend_schema(operation_id="goals_retrieve", responses=GoalSerializer)
    def get(self, request: Request, goal_id: UUID) -> Response:
        """Show a goal."""
        goal, access = open_goal(self.therapist(actions.GOAL_READ), goal_id, actions.GOAL_READ)
        record(actions.GOAL_READ, goal, by=access)
        return _answer(goal)

    @extend_schema(
        operation_id="goals_update",
        parameters=[IF_MATCH],
        request=serializers.ChangeGoalSerializer(partial=True),
        responses=GoalSerializer,
    )
    def patch(self, request: Request, goal_id: UUID) -> Response:
        """Change what an open goal says; 409 `edit_conflict` says who changed it since that revision, and when."""
        goal, access = open_goal_to_write(self.therapist(actions.GOAL_CHANGED), goal_id, actions.GOAL_CHANGED)
        revision = revision_of(request)
        given = validated(serializers.ChangeGoalSerializer(data=request.data, partial=True))
        return _answer(changes.change_goal(goal, revision=revision, access=access, **given))


def _answer(goal: Goal) -> Response:
    """The goal, with its revision as ETag."""
    return Response(GoalSerializer(goal).data, headers={"ETag": etag_of(goal.revision)})


class _GoalStep(TherapistsView):
    """Something that is done with a goal, on top of the revision that was read; the goal is the answer."""

    def act(self, goal_id: UUID, action: Action, body: type[Serializer[Any]], service: Callable[..., Goal]) -> Response:
        """Run the service once for each Idempotency-Key."""
        goal, access = open_goal_to_write(self.therapist(action), goal_id, action)
        revision, given = revision_of(self.request), validated(body(data=self.request.data))

        def act() -> tuple[int, dict[str, Any]]:
            return 200, dict(GoalSerializer(service(goal, revision=revision, access=access, **given)).data)

        def before_repeat(body: dict[str, Any]) -> None:
            record(actions.GOAL_READ, goal, by=access)

        fingerprint, route = fingerprint_of(given, str(revision)), f"{action}:{goal_id}"
        response = idempotent(self.request, route, fingerprint, act, before_repeat=before_repeat)
        response.headers["ETag"] = etag_of(response.data["revision"])
        return response


class MoveGoal(_GoalStep):
    """Another place in the tree."""

    @extend_schema(
        operation_id="goals_move",
        parameters=HEADERS,
        request=serializers.MoveGoalSerializer,
        responses=GoalSerializer,
    )
    def post(self, request: Request, goal_id: UUID) -> Response:
        """Put a goal, with all below it, at a position below another goal of the plan or at the top."""
        return self.act(goal_id, actions.GOAL_MOVED, serializers.MoveGoalSerializer, changes.move_goal)


class StartGoal(_GoalStep):
    """The beginning of the work on a goal."""

    @extend_schema(operation_id="goals_start", parameters=HEADERS, request=None, responses=GoalSerializer)
    def post(self, request: Request, goal_id: UUID) -> Response:
        """Start a goal; the first rating does so too."""
        return self.act(goal_id, actions.GOAL_STARTED, StrictSerializer, endings.start_goal)


class AchieveGoal(_GoalStep):
    """The end of a goal that was reached."""

    @extend_schema(operation_id="goals_achieve", parameters=HEADERS, request=None, responses=GoalSerializer)
    def post(self, request: Request, goal_id: UUID) -> Response:
        """Tick a goal off, whatever was rated."""
        return self.act(goal_id, actions.GOAL_ACHIEVED, StrictSerializer, endings.achieve_goal)


class ModifyGoal(_GoalStep):
    """Another goal in its place."""

    @extend_schema(
        operation_id="goals_modify",
        parameters=HEADERS,
        request=serializers.ReplaceGoalSerializer,
        responses=GoalSerializer,
    )
    def post(self, request: Request, goal_id: UUID) -> Response:
        """Replace a goal by a new one, which is the answer and takes over the goals below it and the interventions."""
        return self.act(goal_id, actions.GOAL_REPLACED, serializers.ReplaceGoalSerializer, endings.replace_goal)


class DiscontinueGoal(_GoalStep):
    """The end of a goal that is given up."""

    @extend_schema(
        operation_id="goals_discontinue",
        parameters=HEADERS,
        request=serializers.ReasonSerializer,
        responses=GoalSerializer,
    )
    def post(self, request: Request, goal_id: UUID) -> Response:
        """Give a goal up, with every open goal below it."""
        return self.act(goal_id, actions.GOAL_DISCONTINUED, serializers.ReasonSerializer, endings.discontinue_goal)


class ReopenGoal(_GoalStep):
    """Work on a goal that was closed."""

    @extend_schema(
        operation_id="goals_reopen",
        parameters=HEADERS,
        request=serializers.ReopenGoalSerializer,
        responses=GoalSerializer,
    )
    def post(self, request: Request, goal_id: UUID) -> Response:
        """Open an achieved or discontinued goal again; achieved goals above are open again too."""
        return self.act(goal_id, actions.GOAL_REOPENED, serializers.ReopenGoalSerializer, endings.reopen_goal)


class RateGoal(TherapistsView):
    """How far a goal has come."""

    @extend_schema(
        operation_id="goals_rate",
        parameters=[IDEMPOTENCY_HEADER],
        request=serializers.RateGoalSerializer,
        responses={201: RatingSerializer},
    )
    def post(self, request: Request, goal_id: UUID) -> Response:
        """Rate a goal; it never lowers the progress, and 100 achieves the goal. 409 `goal_has_parts` for a goal that
        others stand below.
        """
        action = actions.GOAL_RATED
        goal, access = open_goal_to_write(self.therapist(action), goal_id, action)
        given = validated(serializers.RateGoalSerializer(data=request.data))

        def rate() -> tuple[int, dict[str, Any]]:
            return 201, dict(RatingSerializer(rate_goal(goal, access=access, **given)).data)

        def before_repeat(body: dict[str, Any]) -> None:
            record(actions.GOAL_READ, goal, by=access)

        return idempotent(request, f"goals.rate:{goal_id}", fingerprint_of(given), rate, before_repeat=before_repeat)
