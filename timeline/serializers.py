"""Serializers for timeline events."""

from typing import Any

import orjson
from pydantic import ValidationError
from rest_framework import serializers

from therapybridge.core.api.moments import MomentOrDayField, validate_moment
from therapybridge.core.api.serializers import ComposedField, StrictFields
from timeline.contexts.feed_query import MOST_COUNTED, SHOWN
from timeline.models import TimelineEvent
from timeline.services.metadata import METADATA

CAPPED = f"False when more than {MOST_COUNTED:,} events match the filters."
MAX_DESCRIPTION = 5_000  # characters
MAX_METADATA = 10_000  # bytes of JSON
SHAPES = {
    "topics": "“topics” is a list of at most 50 texts of at most 300 characters.",
    "mood": "“mood” is very_low, low, neutral, positive, very_positive or null.",
    "session_id": "“session_id” is a text of at most 300 characters.",
    "plan_id": "“plan_id” is a text of at most 300 characters.",
}
MAX_DEPTH = 20  # of metadata; anything deeper could be parsed but not serialized again


class EventSerializer(StrictFields, serializers.ModelSerializer[TimelineEvent]):
    """An event; author, patient and source cannot be set by the caller."""

    event_date = MomentOrDayField(day="event_day", validators=[validate_moment])
    title = ComposedField(max_length=200)
    description = ComposedField(max_length=MAX_DESCRIPTION, allow_blank=True, required=False)
    metadata = serializers.DictField(required=False)

    class Meta:
        model = TimelineEvent
        fields = SHOWN
        read_only_fields = ("related_entity_type", "related_entity_id", "created_at", "updated_at")
        validators: list[Any] = []  # the only unique constraint concerns derived events, which are not written here

    def validate_metadata(self, value: dict[str, Any]) -> dict[str, Any]:
        """Accept only small, shallow JSON."""
        try:
            size = len(orjson.dumps(value))
        except orjson.JSONEncodeError as error:
            raise serializers.ValidationError("This is not valid JSON.") from error
        if size > MAX_METADATA or "\\u0000" in orjson.dumps(value).decode():
            raise serializers.ValidationError(f"At most {MAX_METADATA} bytes, without null characters.")
        if _depth(value) > MAX_DEPTH:
            raise serializers.ValidationError(f"At most {MAX_DEPTH} levels deep.")
        try:
            METADATA.validate_python(value, strict=True)
        except ValidationError as error:
            wrong = error.errors(include_url=False, include_context=False, include_input=False)[0]["loc"][0]
            raise serializers.ValidationError(SHAPES[str(wrong)]) from None
        return value


class OutstandingSerializer(serializers.Serializer[Any]):
    """The newest of some events."""

    events = EventSerializer(many=True, read_only=True)
    total_count = serializers.IntegerField(read_only=True)
    total_count_exact = serializers.BooleanField(read_only=True, help_text=CAPPED)


class TimelineSummarySerializer(serializers.Serializer[Any]):
    """A timeline at a glance; types without an event are left out."""

    total_count = serializers.IntegerField(read_only=True)
    events_by_type = serializers.DictField(child=serializers.IntegerField(), read_only=True)
    first_session = serializers.DateTimeField(read_only=True, allow_null=True)
    last_session = serializers.DateTimeField(read_only=True, allow_null=True)
    milestones = OutstandingSerializer(read_only=True)
    highlights = OutstandingSerializer(read_only=True, help_text="Of critical or high importance.")


def _depth(value: Any) -> int:
    """Nesting depth of lists and dictionaries; recursion is safe, since orjson output has at most 254 levels."""
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if parts is None else 1 + max(map(_depth, parts), default=0)
