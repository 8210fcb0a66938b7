"""Endpoints for plans: list, draft, read, change, and their states."""

from datetime import date
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.access import require_role
from accounts.api import TherapistsView
from accounts.care.access import open_record_to_write
from accounts.models import User
from audit.audit_actions import Action
from audit.log import record, record_rows
from therapybridge.core.actor import Actor, actor_of
from therapybridge.core.api.bodies import IDEMPOTENCY_HEADER, validated
from therapybridge.core.api.revisions import IF_MATCH, etag_of, revision_of
from therapybridge.core.api.serializers import StrictSerializer
from therapybridge.core.idempotency import fingerprint_of, idempotent
from treatment.models import TreatmentPlan
from treatment.plans.access import open_plan, open_plan_to_write
from treatment.plans.audit_actions import (
    PLAN_ACTIVATED,
    PLAN_CHANGED,
    PLAN_COMPLETED,
    PLAN_CREATED,
    PLAN_DISCONTINUED,
    PLAN_HELD,
    PLAN_LISTED,
    PLAN_READ,
)
from treatment.plans.filters import PlanFilter
from treatment.plans.querysets import PlanQuerySet
from treatment.plans.serializers import (
    NewPlanSerializer,
    PatientPlanRowSerializer,
    PatientWholePlanSerializer,
    PlanReasonSerializer,
    PlanRowSerializer,
    PlanSerializer,
    WritePlanSerializer,
)
from treatment.plans.services import lifecycle, writing

READERS = (User.Role.THERAPIST, User.Role.PATIENT)
HEADERS = [IF_MATCH, IDEMPOTENCY_HEADER]


class PlanViewSet(TherapistsView, GenericViewSet[TreatmentPlan]):
    """Treatment plans: therapists write them, patients read their own once they were started, in fewer fields."""

    item_route = "api-plan-detail"
    lookup_url_kwarg = "plan_id"
    lookup_value_converter = "id"
    serializer_class = PlanSerializer
    filterset_class = PlanFilter
    keyset_fields = ("-id",)
    queryset = TreatmentPlan.objects.none()  # the schema reads the model from it

    def get_queryset(self) -> PlanQuerySet:
        """What the reader may see, without its longer texts."""
        reader: Any = self.request.user
        plans = TreatmentPlan.objects
        rows: PlanQuerySet = plans.shared_with(reader) if reader.is_patient else plans.visible_to(reader)
        return rows.without_texts()

    @extend_schema(responses=PlanRowSerializer(many=True))
    def list(self, request: Request) -> Response:
        """List plans, the newest first; `review` is that of today at the clinic."""
        by = actor_of(request)
        require_role(by, PLAN_LISTED, *READERS)
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        record_rows(PLAN_LISTED, rows, by=by)
        context = {"today": _today(by)}
        if by.user.is_patient:
            return self.get_paginated_response(PatientPlanRowSerializer(rows, many=True, context=context).data)
        return self.get_paginated_response(PlanRowSerializer(rows, many=True, context=context).data)

    def retrieve(self, request: Request, plan_id: UUID) -> Response:
        """Show a plan with its milestones."""
        by = actor_of(request)
        plan, access = open_plan(by, plan_id, PLAN_READ)
        record(PLAN_READ, plan, by=access)
        if access.is_own:
            return Response(PatientWholePlanSerializer(plan, context={"today": _today(by)}).data)
        return _answer(plan)

    @extend_schema(parameters=[IDEMPOTENCY_HEADER], request=NewPlanSerializer, responses={201: PlanSerializer})
    def create(self, request: Request) -> Response:
        """Draft a plan; its patient does not read it before it is activated."""
        by = self.therapist(PLAN_CREATED)
        given = validated(NewPlanSerializer(data=request.data))
        fingerprint = fingerprint_of(given)
        access = open_record_to_write(by, given.pop("patient_id"), PLAN_CREATED)

        def create() -> tuple[int, dict[str, Any]]:
            return 201, _shown(writing.create_plan(access, **given))

        def before_repeat(body: dict[str, Any]) -> None:
            plan, access = open_plan(by, UUID(body["id"]), PLAN_READ)
            record(PLAN_READ, plan, by=access)

        response = idempotent(request, "plans.create", fingerprint, create, before_repeat=before_repeat)
        response.headers["ETag"] = etag_of(response.data["revision"])
        return response

    @extend_schema(parameters=[IF_MATCH], request=WritePlanSerializer(partial=True), responses=PlanSerializer)
    def partial_update(self, request: Request, plan_id: UUID) -> Response:
        """Change what the plan says. Of a plan that was started, a version is kept, about which the patient is asked.

        409 `edit_conflict` says who changed it since that revision, and when; 409 `plan_ended` after its end.
        """
        plan, access = open_plan_to_write(self.therapist(PLAN_CHANGED), plan_id, PLAN_CHANGED)
        revision = revision_of(request)
        given = validated(WritePlanSerializer(data=request.data, partial=True))
        return _answer(writing.change_plan(plan, revision=revision, access=access, **given))

    @extend_schema(parameters=HEADERS, request=None, responses=PlanSerializer)
    @action(detail=True, methods=["post"])
    def activate(self, request: Request, plan_id: UUID) -> Response:
        """Start a draft, or go on with a plan on hold.

        409 `another_plan_active` names the other one in `plan`, unless the clinic allows several.
        """
        return self._act(PLAN_ACTIVATED, plan_id, StrictSerializer, lifecycle.activate_plan)

    @extend_schema(parameters=HEADERS, request=PlanReasonSerializer, responses=PlanSerializer)
    @action(detail=True, methods=["post"])
    def hold(self, request: Request, plan_id: UUID) -> Response:
        """Put an active plan on hold, with a reason."""
        return self._act(PLAN_HELD, plan_id, PlanReasonSerializer, lifecycle.hold_plan)

    @extend_schema(parameters=HEADERS, request=None, responses=PlanSerializer)
    @action(detail=True, methods=["post"])
    def complete(self, request: Request, plan_id: UUID) -> Response:
        """End a plan that did what it was for; it cannot be changed any more."""
        return self._act(PLAN_COMPLETED, plan_id, StrictSerializer, lifecycle.complete_plan)

    @extend_schema(parameters=HEADERS, request=PlanReasonSerializer, responses=PlanSerializer)
    @action(detail=True, methods=["post"])
    def discontinue(self, request: Request, plan_id: UUID) -> Response:
        """End a plan early, with a reason; it stays in the history."""
        return self._act(PLAN_DISCONTINUED, plan_id, PlanReasonSerializer, lifecycle.discontinue_plan)

    def _act(self, action: Action, plan_id: UUID, body: type[StrictSerializer], service: Any) -> Response:
        plan, access = open_plan_to_write(self.therapist(action), plan_id, action)
        revision, given = revision_of(self.request), validated(body(data=self.request.data))

        def act() -> tuple[int, dict[str, Any]]:
            return 200, _shown(service(plan, revision=revision, access=access, **given))

        def before_repeat(body: dict[str, Any]) -> None:
            record(PLAN_READ, plan, by=access)

        fingerprint, route = fingerprint_of(given, str(revision)), f"{action}:{plan_id}"
        response = idempotent(self.request, route, fingerprint, act, before_repeat=before_repeat)
        response.headers["ETag"] = etag_of(response.data["revision"])
        return response


def _today(by: Actor) -> date:
    """The day of the reader's clinic, to which all plans that they may list belong."""
    clinic: Any = by.user.clinic
    day: date = clinic.today
    return day


def _shown(plan: TreatmentPlan) -> dict[str, Any]:
    return dict(PlanSerializer(plan, context={"today": plan.clinic.today}).data)


def _answer(plan: TreatmentPlan) -> Response:
    """The plan, with its revision as ETag."""
    return Response(_shown(plan), headers={"ETag": etag_of(plan.revision)})
