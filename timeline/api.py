"""API endpoints for timelines."""

from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.care.access import open_record_to_write
from audit.log import deny, record
from therapybridge.core.actor import actor_of
from therapybridge.core.api.bodies import IDEMPOTENCY_HEADER, validated
from therapybridge.core.api.renderers import to_json
from therapybridge.core.api.views import ApiView
from therapybridge.core.changes import settled_until
from therapybridge.core.errors import NotFound
from therapybridge.core.idempotency import fingerprint_of, idempotent
from therapybridge.core.pagination import KeysetPagination, envelope
from timeline.access import open_event, open_event_to_write
from timeline.audit_actions import (
    TIMELINE_EVENT_CREATED,
    TIMELINE_EVENT_DELETED,
    TIMELINE_EVENT_READ,
    TIMELINE_EVENT_UPDATED,
    TIMELINE_READ,
)
from timeline.contexts.feed import Feed, read_feed, shown_event
from timeline.contexts.summary import summary_of
from timeline.filters import TimelineFilter, parse_filters
from timeline.models import TimelineEvent
from timeline.serializers import CAPPED, EventSerializer, TimelineSummarySerializer
from timeline.services import events


class TimelinePagination(KeysetPagination):
    """The envelope of every list, with the timeline's own names for its parts beside it."""

    def response(self, request: Request, feed: Feed, settled: datetime) -> Response:
        """Plain rows, since this is the busiest read: EventSerializer would give the same at three times the cost."""
        events = orjson.Fragment(to_json(feed.events))  # rendered once for both names
        named = {"events": events, "has_more": feed.has_more, "total_count_exact": feed.total_count_exact}
        return Response(envelope(request, events, feed.next_cursor, feed.total_count, settled) | named)

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """For the OpenAPI schema; here the total is never null."""
        described = super().get_paginated_response_schema(schema)
        described["properties"] |= {
            "total_count": {"type": "integer"},
            "total_count_exact": {"type": "boolean", "description": CAPPED},
            "events": schema | {"description": "The same as `results`."},
            "has_more": {"type": "boolean"},
        }
        return described | {"required": list(described["properties"])}


class TimelineView(ApiView, GenericAPIView[TimelineEvent]):
    """A patient's timeline: read by the patient and their therapists, written by the therapists."""

    item_route = "api-timeline-event"
    item_is_below = True
    queryset = TimelineEvent.objects.none()
    serializer_class = EventSerializer
    filterset_class = TimelineFilter
    pagination_class = TimelinePagination
    paginator: TimelinePagination

    @extend_schema(operation_id="timeline_list", responses=EventSerializer(many=True))
    def get(self, request: Request, patient_id: UUID) -> Response:
        """List events newest first."""
        settled = settled_until()
        try:
            feed = self._page(request, patient_id)
        except NotFound:
            deny(TIMELINE_READ, "not_found", by=actor_of(request), patient_id=patient_id)
            raise
        record(TIMELINE_READ, by=actor_of(request), patient_id=patient_id, ids=[row["id"] for row in feed.events])
        return self.paginator.response(request, feed, settled)

    def _page(self, request: Request, patient_id: UUID) -> Feed:
        query = request.query_params
        limit = self.paginator.limit(request)
        return read_feed(patient_id, actor_of(request).user, parse_filters(query), query.get("cursor"), limit)

    @extend_schema(
        operation_id="timeline_create",
        parameters=[IDEMPOTENCY_HEADER],
        request=EventSerializer,
        responses={201: EventSerializer},
    )
    def post(self, request: Request, patient_id: UUID) -> Response:
        """Add an event."""
        access = open_record_to_write(actor_of(request), patient_id, TIMELINE_EVENT_CREATED)
        given = validated(EventSerializer(data=request.data))

        def create() -> tuple[int, dict[str, Any]]:
            event = events.create_event(access, given)
            return 201, dict(EventSerializer(event).data)

        def before_repeat(body: dict[str, Any]) -> None:
            event, access = open_event(actor_of(request), patient_id, UUID(body["id"]), TIMELINE_EVENT_CREATED)
            record(TIMELINE_READ, by=access, ids=[event.pk])

        route = f"timeline.create.{patient_id}"
        return idempotent(request, route, fingerprint_of(given), create, before_repeat=before_repeat)


class TimelineSummaryView(ApiView):
    """A patient's timeline at a glance."""

    @extend_schema(operation_id="timeline_summary", responses=TimelineSummarySerializer)
    def get(self, request: Request, patient_id: UUID) -> Response:
        """Totals by type, first and last session, and the newest of what stands out."""
        try:
            summary = summary_of(patient_id, actor_of(request).user)
        except NotFound:
            deny(TIMELINE_READ, "not_found", by=actor_of(request), patient_id=patient_id)
            raise
        record(TIMELINE_READ, by=actor_of(request), patient_id=patient_id, ids=[row["id"] for row in summary.shown])
        return Response(
            {
                "total_count": summary.total_count,
                "events_by_type": summary.events_by_type,
                "first_session": summary.first_session,
                "last_session": summary.last_session,
                "milestones": _outstanding(summary.milestones),
                "highlights": _outstanding(summary.highlights),
            }
        )


def _outstanding(feed: Feed) -> dict[str, Any]:
    return {
        "events": feed.events,
        "total_count": feed.total_count,
        "total_count_exact": feed.total_count_exact,
    }


class EventView(ApiView):
    """One event; those derived from another part of the record are read-only."""

    @extend_schema(operation_id="timeline_event", responses=EventSerializer)
    def get(self, request: Request, patient_id: UUID, event_id: UUID) -> Response:
        """Show an event; for the patient, private events are not found."""
        event, access = open_event(actor_of(request), patient_id, event_id, TIMELINE_EVENT_READ)
        record(TIMELINE_EVENT_READ, event, by=access)
        return Response(shown_event(event, access.user))

    @extend_schema(
        operation_id="timeline_event_update", request=EventSerializer(partial=True), responses=EventSerializer
    )
    def patch(self, request: Request, patient_id: UUID, event_id: UUID) -> Response:
        """Change the given fields of an event; an empty body is an error."""
        event, access = open_event_to_write(actor_of(request), patient_id, event_id, TIMELINE_EVENT_UPDATED)
        changes = validated(EventSerializer(event, data=request.data, partial=True))
        changed = events.update_event(event, changes, access=access)
        return Response(EventSerializer(changed).data)

    @extend_schema(operation_id="timeline_event_delete", responses={204: None})
    def delete(self, request: Request, patient_id: UUID, event_id: UUID) -> Response:
        """Remove the event from the timeline."""
        event, access = open_event_to_write(actor_of(request), patient_id, event_id, TIMELINE_EVENT_DELETED)
        events.delete_event(event, access=access)
        return Response(status=204)
