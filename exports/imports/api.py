"""API endpoints for imports, and the schema of the records that they take."""

import hashlib
from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.decorators import action
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.api import TherapistsView
from accounts.identity.services.storage import require_room
from audit.log import record
from exports.builders.json import schema
from exports.imports.access import open_import
from exports.imports.audit_actions import (
    IMPORT_CANCELLED,
    IMPORT_CONFIRMED,
    IMPORT_LISTED,
    IMPORT_READ,
    IMPORT_UPLOADED,
)
from exports.imports.models import RecordImport
from exports.imports.querysets import ImportQuerySet
from exports.imports.serializers import ImportFileSerializer, ImportSerializer
from exports.imports.services import requests
from exports.imports.services.reading import MAX_BYTES
from therapybridge.core.actor import actor_of
from therapybridge.core.api.bodies import IDEMPOTENCY_HEADER, expect_no_fields, validated
from therapybridge.core.api.views import ApiView
from therapybridge.core.http.bodies import announced_bytes, takes_file
from therapybridge.core.idempotency import fingerprint_of, idempotent


class ImportViewSet(TherapistsView, GenericViewSet[RecordImport]):
    """Records that the therapist uploaded, to be taken in as new patients of theirs."""

    item_route = "api-import-detail"
    lookup_value_converter = "id"
    serializer_class = ImportSerializer
    filter_backends: list[Any] = []
    keyset_fields = ("-id",)
    queryset = RecordImport.objects.none()  # the schema reads the model from it

    def get_queryset(self) -> ImportQuerySet:
        """The reader's own."""
        rows: ImportQuerySet = RecordImport.objects.visible_to(self.request.user)
        return rows

    @extend_schema(responses=ImportSerializer(many=True))
    def list(self, request: Request) -> Response:
        """List one's own imports, newest first."""
        by = self.therapist(IMPORT_LISTED)
        rows = self.paginate_queryset(self.get_queryset()) or []
        record(IMPORT_LISTED, by=by, ids=[row.pk for row in rows])
        return self.get_paginated_response(ImportSerializer(rows, many=True).data)

    @extend_schema(
        parameters=[IDEMPOTENCY_HEADER],
        request={"multipart/form-data": ImportFileSerializer},
        responses={202: ImportSerializer},
    )
    @takes_file(MAX_BYTES)
    def create(self, request: Request) -> Response:
        """Upload a full record as JSON, up to 50 MB: 202 with the import, which a worker checks."""
        by = self.therapist(IMPORT_UPLOADED)
        require_room(by.user.clinic, announced_bytes(request.META))  # before it is read
        file = validated(ImportFileSerializer(data=request.data))["file"]

        def create() -> tuple[int, dict[str, Any]]:
            return 202, dict(ImportSerializer(requests.upload_import(file, by=by)).data)

        def before_repeat(body: dict[str, Any]) -> None:
            record(IMPORT_READ, open_import(by, UUID(body["id"]), IMPORT_UPLOADED), by=by)

        fingerprint = fingerprint_of({"name": file.name}, _hash_of(file))
        return idempotent(request, "imports.create", fingerprint, create, before_repeat=before_repeat)

    def retrieve(self, request: Request, pk: UUID) -> Response:
        """Show an import: what is in the file, what is here already, and how far it has come."""
        by = self.therapist(IMPORT_READ)
        job = open_import(by, pk, IMPORT_READ)
        record(IMPORT_READ, job, by=by)
        return Response(ImportSerializer(job).data)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: UUID) -> Response:
        """Discard a file that was not taken in; the row stays."""
        by = self.therapist(IMPORT_CANCELLED)
        requests.discard_import(open_import(by, pk, IMPORT_CANCELLED), by=by)
        return Response(status=204)

    @extend_schema(request=None, responses={202: ImportSerializer})
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, pk: UUID) -> Response:
        """Have a checked file taken in as a new patient; 409 `import_conflicts` if ids of it are taken here."""
        by = self.therapist(IMPORT_CONFIRMED)
        job = open_import(by, pk, IMPORT_CONFIRMED)
        expect_no_fields(request)
        requests.confirm_import(job, by=by)
        job.refresh_from_db()
        return Response(ImportSerializer(job).data, status=202)


def _hash_of(file: Any) -> str:
    """SHA-256 of the content."""
    hashed = hashlib.sha256()
    for chunk in file.chunks():
        hashed.update(chunk)
    file.seek(0)
    return hashed.hexdigest()


class RecordSchema(ApiView):
    """The JSON Schema of records."""

    permission_classes = (AllowAny,)

    @extend_schema(operation_id="record_schema", responses={200: OpenApiResponse(dict[str, Any])})
    def get(self, request: Request) -> Response:
        """Read the JSON Schema of records, for whoever writes or reads them; contains no personal data."""
        actor_of(request)
        return Response(schema())
