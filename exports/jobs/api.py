"""API endpoints for exports."""

from hashlib import sha256
from typing import Any
from uuid import UUID

from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.care.access import RecordAccess, open_record, writable
from audit.audit_actions import Action
from audit.log import record, record_rows
from exports.audit_actions import (
    EXPORT_CANCELLED,
    EXPORT_DELETED,
    EXPORT_DOWNLOADED,
    EXPORT_LISTED,
    EXPORT_PREVIEWED,
    EXPORT_READ,
    EXPORT_REQUESTED,
    EXPORT_RETRIED,
)
from exports.choices import ExportKind
from exports.jobs.access import open_export
from exports.jobs.filters import ExportFilter
from exports.jobs.models import ExportJob
from exports.jobs.querysets import ExportQuerySet
from exports.jobs.serializers import (
    ExportPreviewSerializer,
    ExportSerializer,
    NewExportSerializer,
    PreviewSerializer,
    TimelineExportSerializer,
)
from exports.jobs.services import control, requests
from exports.jobs.views.files import file_response
from therapybridge.core.actor import Actor, actor_of
from therapybridge.core.api.bodies import IDEMPOTENCY_HEADER, expect_no_fields, validated
from therapybridge.core.api.files import whole
from therapybridge.core.api.views import ApiView
from therapybridge.core.idempotency import fingerprint_of, idempotent

RUNNING_SECONDS = 2
NOT_MODIFIED = OpenApiResponse(description="Nothing has changed.")


def _opened(by: Actor, patient_id: UUID, verb: Action) -> RecordAccess:
    """The record, for its patient and for those who may write to it; Forbidden, audited, by emergency access."""
    access = open_record(by, patient_id, verb)
    return access if access.is_own else writable(access, verb)


def _accepted(request: Request, access: RecordAccess, route: str, given: dict[str, Any]) -> Response:
    """202 with the new export, and where it is; a repeat by the same key makes no second one."""
    by = actor_of(request)
    permitted = requests.permit(access, **given)

    def create() -> tuple[int, dict[str, Any]]:
        return 202, dict(ExportSerializer(requests.create_export(permitted)).data)

    def before_repeat(body: dict[str, Any]) -> None:
        job, opened = open_export(by, UUID(body["id"]), EXPORT_REQUESTED)
        record(EXPORT_READ, job, by=opened)

    fingerprint = fingerprint_of(dict(request.data))
    return idempotent(request, route, fingerprint, create, before_repeat=before_repeat)


class ExportViewSet(ApiView, GenericViewSet[ExportJob]):
    """The exports that the reader asked for, of patients whom they treat or of their own record."""

    item_route = "api-export-detail"
    lookup_value_converter = "id"
    serializer_class = ExportSerializer
    filterset_class = ExportFilter
    keyset_fields = ("-id",)
    queryset = ExportJob.objects.none()  # the schema reads the model from it

    def get_queryset(self) -> ExportQuerySet:
        """The reader's own exports."""
        rows: ExportQuerySet = ExportJob.objects.visible_to(self.request.user)
        return rows

    @extend_schema(responses=ExportSerializer(many=True))
    def list(self, request: Request) -> Response:
        """List one's own exports, newest first."""
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        record_rows(EXPORT_LISTED, rows, by=actor_of(request))
        return self.get_paginated_response(ExportSerializer(rows, many=True).data)

    @extend_schema(parameters=[IDEMPOTENCY_HEADER], request=NewExportSerializer, responses={202: ExportSerializer})
    def create(self, request: Request) -> Response:
        """Ask for an export: 202 with the export, which a worker makes. Ten an hour each."""
        given = validated(NewExportSerializer(data=request.data))
        access = _opened(actor_of(request), given.pop("patient"), EXPORT_REQUESTED)
        return _accepted(request, access, "exports.create", given)

    @extend_schema(request=PreviewSerializer, responses=ExportPreviewSerializer)
    @action(detail=False, methods=["post"])
    def preview(self, request: Request) -> Response:
        """Tell what an export would hold and what would be withheld; nothing is made."""
        given = validated(PreviewSerializer(data=request.data))
        access = _opened(actor_of(request), given.pop("patient"), EXPORT_PREVIEWED)
        return Response(ExportPreviewSerializer(requests.preview_export(access, **given)).data)

    @extend_schema(responses={200: ExportSerializer, 304: NOT_MODIFIED})
    def retrieve(self, request: Request, pk: UUID) -> HttpResponseBase:
        """Show an export and how far it has come; made to be asked again: ETag, and Retry-After while it is made."""
        job, access = open_export(actor_of(request), pk, EXPORT_READ)
        data = ExportSerializer(job).data
        etag = f'W/"{sha256(repr(data).encode()).hexdigest()[:32]}"'
        response = Response(data)
        answer = get_conditional_response(request._request, etag=etag, response=response) or response
        if answer is response:
            record(EXPORT_READ, job, by=access)
        answer.headers["ETag"] = etag
        if job.is_running:
            answer.headers["Retry-After"] = str(RUNNING_SECONDS)
        return answer

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: UUID) -> Response:
        """Delete an export with its file; what is on record about it stays."""
        job, access = open_export(actor_of(request), pk, EXPORT_DELETED)
        control.delete_export(job, access=access)
        return Response(status=204)

    @extend_schema(responses=whole("application/octet-stream"))
    @action(detail=True, methods=["get"])
    def download(self, request: Request, pk: UUID) -> HttpResponseBase:
        """Download the file; each time is on record and in the accounting of disclosures."""
        job, access = open_export(actor_of(request), pk, EXPORT_DOWNLOADED)
        return file_response(job, access, is_head=request.method == "HEAD")

    @extend_schema(request=None, responses=ExportSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: UUID) -> Response:
        """Stop an export that is not ready yet."""
        return self._changed(request, pk, EXPORT_CANCELLED, control.cancel_export, 200)

    @extend_schema(request=None, responses={202: ExportSerializer})
    @action(detail=True, methods=["post"])
    def retry(self, request: Request, pk: UUID) -> Response:
        """Make a failed export again."""
        return self._changed(request, pk, EXPORT_RETRIED, control.retry_export, 202)

    def _changed(self, request: Request, pk: UUID, verb: Action, service: Any, status: int) -> Response:
        job, access = open_export(actor_of(request), pk, verb)
        expect_no_fields(request)
        service(job, access=access)
        job.refresh_from_db()
        return Response(ExportSerializer(job).data, status=status)


class TimelineExport(ApiView):
    """Exports of a patient's timeline."""

    item_route = "api-export-detail"

    @extend_schema(
        operation_id="timeline_export",
        parameters=[IDEMPOTENCY_HEADER],
        request=TimelineExportSerializer,
        responses={202: ExportSerializer},
    )
    def post(self, request: Request, patient_id: UUID) -> Response:
        """Ask for an export of the timeline: 202 with the export, which a worker makes."""
        access = _opened(actor_of(request), patient_id, EXPORT_REQUESTED)
        given = validated(TimelineExportSerializer(data=request.data))
        chosen = {**given, "kind": ExportKind.TIMELINE.value}
        return _accepted(request, access, f"timeline.export:{patient_id}", chosen)
