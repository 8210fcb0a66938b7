"""API endpoints for scheduled exports."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import require_role
from accounts.api import TherapistsView
from accounts.care.access import open_record_to_write
from accounts.models import User
from audit.log import record
from exports.schedules import audit_actions as actions
from exports.schedules.access import open_schedule
from exports.schedules.models import ExportSchedule, ScheduledExport
from exports.schedules.querysets import ExportScheduleQuerySet
from exports.schedules.serializers import (
    ExportScheduleSerializer,
    NewExportScheduleSerializer,
    ScheduledExportSerializer,
)
from exports.schedules.services.schedules import create_schedule, end_schedule
from therapybridge.core.actor import actor_of
from therapybridge.core.api.bodies import IDEMPOTENCY_HEADER, expect_no_fields, validated
from therapybridge.core.api.views import ApiView
from therapybridge.core.idempotency import fingerprint_of, idempotent


class Schedules(TherapistsView, GenericAPIView[ExportSchedule]):
    """The reader's own schedules."""

    queryset = ExportSchedule.objects.none()  # the schema reads the model from it
    serializer_class = ExportScheduleSerializer
    filter_backends: list[Any] = []
    keyset_fields = ("-id",)

    def get_queryset(self) -> ExportScheduleQuerySet:
        """Of patients whom the reader treats now."""
        reader: Any = self.request.user
        rows: ExportScheduleQuerySet = ExportSchedule.objects.visible_to(reader)
        return rows

    @extend_schema(operation_id="export_schedules_list", responses=ExportScheduleSerializer(many=True))
    def get(self, request: Request) -> Response:
        """List one's own schedules of exports, newest first, ended ones too."""
        by = self.therapist(actions.SCHEDULE_LISTED)
        rows = self.paginate_queryset(self.get_queryset()) or []
        record(actions.SCHEDULE_LISTED, by=by, ids=[row.pk for row in rows])
        return self.get_paginated_response(ExportScheduleSerializer(rows, many=True).data)


class PatientSchedules(ApiView):
    """Schedules of a patient."""

    item_route = "api-export-schedule"

    @extend_schema(
        operation_id="export_schedules_create",
        parameters=[IDEMPOTENCY_HEADER],
        request=NewExportScheduleSerializer,
        responses={201: ExportScheduleSerializer},
    )
    def post(self, request: Request, patient_id: UUID) -> Response:
        """Schedule exports; 409 `too_many` if five run for this patient."""
        by = actor_of(request)
        require_role(by, actions.SCHEDULE_CREATED, User.Role.THERAPIST, patient_id=patient_id)
        access = open_record_to_write(by, patient_id, actions.SCHEDULE_CREATED)
        given = validated(NewExportScheduleSerializer(data=request.data))

        def create() -> tuple[int, dict[str, Any]]:
            return 201, dict(ExportScheduleSerializer(create_schedule(access, **given)).data)

        def before_repeat(body: dict[str, Any]) -> None:
            record(actions.SCHEDULE_READ, ExportSchedule(pk=UUID(body["id"]), patient=access.patient), by=access)

        route = f"export_schedules.create:{patient_id}"
        return idempotent(request, route, fingerprint_of(given), create, before_repeat=before_repeat)


class OneSchedule(TherapistsView):
    """One schedule."""

    @extend_schema(operation_id="export_schedules_retrieve", responses=ExportScheduleSerializer)
    def get(self, request: Request, schedule_id: UUID) -> Response:
        """Show a schedule of exports."""
        by = self.therapist(actions.SCHEDULE_READ)
        schedule, access = open_schedule(by, schedule_id, actions.SCHEDULE_READ)
        record(actions.SCHEDULE_READ, schedule, by=access)
        return Response(ExportScheduleSerializer(schedule).data)


class Occurrences(TherapistsView, GenericAPIView[ScheduledExport]):
    """What a schedule had made."""

    queryset = ScheduledExport.objects.none()  # the schema reads the model from it
    serializer_class = ScheduledExportSerializer
    filter_backends: list[Any] = []
    keyset_fields = ("-number",)

    @extend_schema(operation_id="export_schedules_exports_list", responses=ScheduledExportSerializer(many=True))
    def get(self, request: Request, schedule_id: UUID) -> Response:
        """List the exports of a schedule, the latest first."""
        by = self.therapist(actions.SCHEDULE_READ)
        schedule, access = open_schedule(by, schedule_id, actions.SCHEDULE_READ)
        rows = self.paginate_queryset(schedule.occurrences.select_related("job")) or []
        record(actions.SCHEDULE_READ, schedule, by=access, ids=[row.pk for row in rows])
        return self.get_paginated_response(ScheduledExportSerializer(rows, many=True).data)


class EndSchedule(TherapistsView):
    """The end of a schedule."""

    @extend_schema(operation_id="export_schedules_end", request=None, responses=ExportScheduleSerializer)
    def post(self, request: Request, schedule_id: UUID) -> Response:
        """End a schedule of exports; those that were made stay. 409 `already_ended`."""
        by = self.therapist(actions.SCHEDULE_ENDED)
        schedule, access = open_schedule(by, schedule_id, actions.SCHEDULE_ENDED)
        expect_no_fields(request)
        end_schedule(schedule, by=access)
        return Response(ExportScheduleSerializer(schedule).data)
