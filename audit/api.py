"""API endpoint for the audit trail."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from audit import log
from audit.audit_actions import AUDIT_LISTED
from audit.filters import TrailFilter
from audit.models import AuditEvent
from audit.serializers import AuditEventSerializer
from therapybridge.core.actor import actor_of
from therapybridge.core.api.views import ApiView
from therapybridge.core.errors import Forbidden


class AuditEvents(ApiView, GenericAPIView[AuditEvent]):
    """The clinic's audit trail."""

    serializer_class = AuditEventSerializer
    filterset_class = TrailFilter
    keyset_fields = ("-id",)

    def get_queryset(self) -> Any:
        """Prefetch the actors: a join would lose the rows of deleted ones."""
        return AuditEvent.objects.visible_to(actor_of(self.request).user).prefetch_related("actor")

    @extend_schema(operation_id="audit_events_list", responses=AuditEventSerializer(many=True))
    def get(self, request: Request) -> Response:
        """List the audit trail, newest first, for the clinic's administrators; days are in UTC."""
        by = actor_of(request)
        if not by.user.is_clinic_admin:
            log.deny(AUDIT_LISTED, "role", by=by)
            raise Forbidden
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        log.record(AUDIT_LISTED, by=by, ids=[row.pk for row in rows])
        return self.get_paginated_response(AuditEventSerializer(rows, many=True).data)
