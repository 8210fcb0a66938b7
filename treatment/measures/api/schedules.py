"""API endpoints for schedules of questionnaires."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import require_role
from accounts.api import TherapistsView
from accounts.care.access import open_record, open_record_to_write
from accounts.models import User
from audit.audit_actions import Action
from audit.log import record
from therapybridge.core.actor import Actor, actor_of
from therapybridge.core.api.bodies import IDEMPOTENCY_HEADER, expect_no_fields, validated
from therapybridge.core.api.views import ApiView
from therapybridge.core.idempotency import fingerprint_of, idempotent
from treatment.measures.access import open_schedule_to_write
from treatment.measures.audit_actions import MEASURE_LISTED, MEASURE_SCHEDULED, MEASURE_UNSCHEDULED
from treatment.measures.querysets import ScheduleQuerySet
from treatment.measures.serializers import ScheduleBodySerializer, ScheduleSerializer
from treatment.measures.services.assigning import end_schedule, start_schedule
from treatment.models import MeasureSchedule


class Schedules(ApiView, GenericAPIView[MeasureSchedule]):
    """A patient's schedules, for therapists."""

    queryset = MeasureSchedule.objects.none()
    serializer_class = ScheduleSerializer
    filter_backends: list[Any] = []
    keyset_fields = ("-id",)

    def get_queryset(self) -> ScheduleQuerySet:
        """Those of the patient in the URL."""
        reader: User = self.request.user  # type: ignore[assignment]  # therapists alone get here
        rows: ScheduleQuerySet = MeasureSchedule.objects.visible_to(reader).filter(patient=self.kwargs["patient_id"])
        return rows

    @extend_schema(operation_id="measure_schedules_list", responses=ScheduleSerializer(many=True))
    def get(self, request: Request, patient_id: UUID) -> Response:
        """List schedules of questionnaires, newest first, ended ones included."""
        access = open_record(_therapist(request, MEASURE_LISTED, patient_id), patient_id, MEASURE_LISTED)
        rows = self.paginate_queryset(self.get_queryset()) or []
        record(MEASURE_LISTED, by=access, ids=[row.pk for row in rows])
        return self.get_paginated_response(ScheduleSerializer(rows, many=True).data)

    @extend_schema(
        operation_id="measure_schedules_create",
        parameters=[IDEMPOTENCY_HEADER],
        request=ScheduleBodySerializer,
        responses={201: ScheduleSerializer},
    )
    def post(self, request: Request, patient_id: UUID) -> Response:
        """Ask for a questionnaire every so many days; 409 `already_scheduled` while another schedule of it runs."""
        by = _therapist(request, MEASURE_SCHEDULED, patient_id)
        access = open_record_to_write(by, patient_id, MEASURE_SCHEDULED)
        given = validated(ScheduleBodySerializer(data=request.data))

        def create() -> tuple[int, dict[str, Any]]:
            return 201, dict(ScheduleSerializer(start_schedule(access, **given)).data)

        def before_repeat(body: dict[str, Any]) -> None:
            record(MEASURE_LISTED, by=access, ids=[UUID(body["id"])])

        route = f"measure_schedules.create:{patient_id}"
        return idempotent(request, route, fingerprint_of(given), create, before_repeat=before_repeat)


class EndSchedule(TherapistsView):
    """Ends a schedule."""

    @extend_schema(operation_id="measure_schedules_end", request=None, responses=ScheduleSerializer)
    def post(self, request: Request, schedule_id: UUID) -> Response:
        """End a schedule of questionnaires; what waits already stays. 409 `schedule_ended` if it has ended."""
        by = self.therapist(MEASURE_UNSCHEDULED)
        schedule, access = open_schedule_to_write(by, schedule_id, MEASURE_UNSCHEDULED)
        expect_no_fields(request)
        return Response(ScheduleSerializer(end_schedule(schedule, access=access)).data)


def _therapist(request: Request, action: Action, patient_id: UUID) -> Actor:
    """Who asks; Forbidden, audited with the patient, for anyone but therapists."""
    by = actor_of(request)
    require_role(by, action, User.Role.THERAPIST, patient_id=patient_id)
    return by
