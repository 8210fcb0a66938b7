"""API endpoints for summaries as their patients read them."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.care.access import open_record
from audit.log import record
from sessions_app.audit_actions import SUMMARY_LISTED, SUMMARY_READ
from sessions_app.models import PatientSummary
from sessions_app.notes.access import open_shared_summary
from sessions_app.notes.contexts.shared import SUMMARIES, ever_shared_rows, shared_summary
from sessions_app.notes.serializers.summaries import SharedSummarySerializer, SharedSummaryTextSerializer
from therapybridge.core.actor import actor_of
from therapybridge.core.api.views import ApiView


class SharedSummaries(ApiView, GenericAPIView[PatientSummary]):
    """Summaries that were shared with a patient."""

    serializer_class = SharedSummarySerializer
    filter_backends: list[Any] = []
    keyset_fields = SUMMARIES.order

    @extend_schema(operation_id="summaries_list", responses=SharedSummarySerializer(many=True))
    def get(self, request: Request, patient_id: UUID) -> Response:
        """List shared summaries, latest session first, for the patient and whoever reads the record.

        Withdrawn ones without text.
        """
        access = open_record(actor_of(request), patient_id, SUMMARY_LISTED)
        page = self.paginate_queryset(ever_shared_rows(access.patient)) or []
        rows = [shared_summary(row) for row in page]
        record(SUMMARY_LISTED, by=access, ids=[row.pk for row in rows])
        return self.get_paginated_response(SharedSummarySerializer(rows, many=True).data)


class OneSharedSummary(ApiView):
    """A summary that was shared with a patient."""

    @extend_schema(operation_id="summaries_retrieve", responses=SharedSummaryTextSerializer)
    def get(self, request: Request, patient_id: UUID, summary_id: UUID) -> Response:
        """Show a shared summary in full; of a withdrawn one, only when it was withdrawn."""
        access = open_record(actor_of(request), patient_id, SUMMARY_READ)
        summary = open_shared_summary(access, summary_id, SUMMARY_READ)
        record(SUMMARY_READ, summary, by=access)
        return Response(SharedSummaryTextSerializer(shared_summary(summary)).data)
