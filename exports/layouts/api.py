"""API endpoints for a clinic's layouts."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.api import TherapistsView
from audit.log import record
from exports.layouts import audit_actions as actions
from exports.layouts import services
from exports.layouts.access import open_layout
from exports.layouts.models import ExportLayout
from exports.layouts.querysets import LayoutQuerySet
from exports.layouts.serializers import LayoutSerializer, WriteLayoutSerializer
from therapybridge.core.api.bodies import IDEMPOTENCY_HEADER, validated
from therapybridge.core.api.filters import ChangesFilter
from therapybridge.core.api.revisions import IF_MATCH, etag_of, revision_of
from therapybridge.core.idempotency import fingerprint_of, idempotent


class LayoutViewSet(TherapistsView, GenericViewSet[ExportLayout]):
    """How the clinic lays out documents of session notes."""

    item_route = "api-export-layout-detail"
    lookup_url_kwarg = "layout_id"
    lookup_value_converter = "id"
    serializer_class = LayoutSerializer
    queryset = ExportLayout.objects.none()  # the schema reads the model from it
    filterset_class = ChangesFilter
    keyset_fields = ("name", "id")

    def get_queryset(self) -> LayoutQuerySet:
        """Those of the reader's clinic."""
        reader: Any = self.request.user
        rows: LayoutQuerySet = ExportLayout.objects.visible_to(reader)
        return rows

    @extend_schema(responses=LayoutSerializer(many=True))
    def list(self, request: Request) -> Response:
        """List layouts by name."""
        by = self.therapist(actions.LAYOUT_LISTED)
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        record(actions.LAYOUT_LISTED, by=by, ids=[row.pk for row in rows])
        return self.get_paginated_response(LayoutSerializer(rows, many=True).data)

    def retrieve(self, request: Request, layout_id: UUID) -> Response:
        """Show a layout."""
        by = self.therapist(actions.LAYOUT_READ)
        layout = open_layout(by, layout_id, actions.LAYOUT_READ)
        record(actions.LAYOUT_READ, layout, by=by)
        return _answer(layout)

    @extend_schema(parameters=[IDEMPOTENCY_HEADER], request=WriteLayoutSerializer, responses={201: LayoutSerializer})
    def create(self, request: Request) -> Response:
        """Add a layout; 409 `too_many` if there are fifty."""
        by = self.therapist(actions.LAYOUT_CREATED)
        given = validated(WriteLayoutSerializer(data=request.data))

        def create() -> tuple[int, dict[str, Any]]:
            return 201, dict(LayoutSerializer(services.create_layout(by=by, **given)).data)

        response = idempotent(request, "export_layouts.create", fingerprint_of(given), create, before_repeat=None)
        response.headers["ETag"] = etag_of(response.data["revision"])
        return response

    @extend_schema(parameters=[IF_MATCH], request=WriteLayoutSerializer, responses=LayoutSerializer)
    def partial_update(self, request: Request, layout_id: UUID) -> Response:
        """Change a layout; 409 `edit_conflict` says who changed it, and when."""
        by = self.therapist(actions.LAYOUT_CHANGED)
        layout = open_layout(by, layout_id, actions.LAYOUT_CHANGED)
        revision, given = revision_of(request), validated(WriteLayoutSerializer(data=request.data, partial=True))
        return _answer(services.change_layout(layout, revision=revision, by=by, **given))

    @extend_schema(parameters=[IF_MATCH], responses={204: None})
    def destroy(self, request: Request, layout_id: UUID) -> Response:
        """Delete a layout; documents that were made with it stay as they are."""
        by = self.therapist(actions.LAYOUT_DELETED)
        layout = open_layout(by, layout_id, actions.LAYOUT_DELETED)
        services.delete_layout(layout, revision=revision_of(request), by=by)
        return Response(status=204)


def _answer(layout: ExportLayout) -> Response:
    return Response(LayoutSerializer(layout).data, headers={"ETag": etag_of(layout.revision)})
