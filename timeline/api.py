"""Timelines over HTTP for mobile apps: scope, check the shape, call the service, answer."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.access import actor, require_therapist, visible_patient
from audit.log import record
from therapybridge.core.errors import NotFound
from therapybridge.core.idempotency import fingerprint_of, idempotent
from therapybridge.core.pagination import KeysetPagination
from timeline.contexts.feed import SHOWN, Feed, read_feed, shown_to
from timeline.filters import parse_filters
from timeline.models import TimelineEvent
from timeline.serializers import EventSerializer, TimelineOut
from timeline.services import events

QUERY = ("event_types", "importance", "start_date", "end_date", "search", "limit", "cursor")


class TimelineView(APIView):
    """A patient's timeline: read by the patient and the therapists, written by the therapists."""

    @extend_schema(operation_id="timeline_list", parameters=[OpenApiParameter(n) for n in QUERY], responses=TimelineOut)
    def get(self, request: Request, patient_id: UUID) -> Response:
        """One page, newest first. `event_types` and `importance` take several values with commas."""
        try:
            feed = self._page(request, patient_id)
        except NotFound:
            visible_patient(request, patient_id, "timeline.read")
            raise
        ids = [row["id"] for row in feed.events]
        record("timeline.read", by=request.user, patient_id=patient_id, ids=ids, request=request)
        return Response(asdict(feed))

    def _page(self, request: Request, patient_id: UUID) -> Feed:
        query = request.query_params
        limit = KeysetPagination().limit(request)
        return read_feed(patient_id, actor(request), parse_filters(query), query.get("cursor"), limit)

    @extend_schema(operation_id="timeline_create", request=EventSerializer, responses={201: EventSerializer})
    def post(self, request: Request, patient_id: UUID) -> Response:
        """Write an event by hand."""
        patient = visible_patient(request, patient_id, "timeline.event.created")
        therapist = require_therapist(request, "timeline.event.created", patient_id)
        form = EventSerializer(data=request.data)
        form.is_valid(raise_exception=True)

        def act() -> tuple[int, dict[str, Any]]:
            event = events.create_event(patient, form.validated_data, by=therapist, request=request)
            return 201, dict(EventSerializer(event).data)

        return idempotent(request, f"timeline.create.{patient_id}", fingerprint_of(form.validated_data), act)


class EventView(APIView):
    """One event; those that follow from a session are read-only."""

    def _event(self, request: Request, patient_id: UUID, event_id: UUID, action: str) -> TimelineEvent:
        rows = TimelineEvent.objects.visible_to(request.user)
        event = rows.filter(patient=patient_id, pk=event_id).first()
        if event is None:
            record(
                action, by=request.user, patient_id=patient_id, outcome="denied", reason="not_found", request=request
            )
            raise NotFound
        return event

    @extend_schema(operation_id="timeline_event", responses=EventSerializer)
    def get(self, request: Request, patient_id: UUID, event_id: UUID) -> Response:
        """The event; a private one is not found by the patient."""
        event = self._event(request, patient_id, event_id, "timeline.event.read")
        record("timeline.event.read", by=request.user, target=event, request=request)
        return Response(shown_to(actor(request), {name: getattr(event, name) for name in SHOWN}))

    @extend_schema(
        operation_id="timeline_event_update", request=EventSerializer(partial=True), responses=EventSerializer
    )
    def patch(self, request: Request, patient_id: UUID, event_id: UUID) -> Response:
        """Change the named fields; naming none is an error."""
        event = self._event(request, patient_id, event_id, "timeline.event.updated")
        therapist = require_therapist(request, "timeline.event.updated", patient_id)
        form = EventSerializer(event, data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        changed = events.update_event(event, form.validated_data, by=therapist, request=request)
        return Response(EventSerializer(changed).data)

    @extend_schema(operation_id="timeline_event_delete", responses={204: None})
    def delete(self, request: Request, patient_id: UUID, event_id: UUID) -> Response:
        """Take the event off the timeline."""
        event = self._event(request, patient_id, event_id, "timeline.event.deleted")
        therapist = require_therapist(request, "timeline.event.deleted", patient_id)
        events.delete_event(event, by=therapist, request=request)
        return Response(status=204)
