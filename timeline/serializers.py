"""Events that therapists write by hand, in the API."""

from typing import Any

import orjson
from rest_framework import serializers

from therapybridge.core.api.moments import validate_moment
from therapybridge.core.api.serializers import StrictFields
from timeline.contexts.feed import SHOWN
from timeline.models import TimelineEvent

MAX_DESCRIPTION = 5_000  # characters
MAX_METADATA = 10_000  # bytes of JSON
MAX_DEPTH = 20  # of metadata; what is deeper could be taken in and never be written out again


class EventSerializer(StrictFields, serializers.ModelSerializer[TimelineEvent]):
    """One event; who wrote it, whose it is and what it derives from are not for the caller to say."""

    event_date = serializers.DateTimeField(validators=[validate_moment])
    description = serializers.CharField(max_length=MAX_DESCRIPTION, allow_blank=True, required=False)
    metadata = serializers.DictField(required=False)

    class Meta:
        model = TimelineEvent
        fields = SHOWN
        read_only_fields = ("related_entity_type", "related_entity_id", "created_at", "updated_at")
        validators: list[Any] = []  # the one unique constraint is about derived events, which nobody writes here

    def validate_metadata(self, value: dict[str, Any]) -> dict[str, Any]:
        """Small plain JSON."""
        try:
            size = len(orjson.dumps(value))
        except orjson.JSONEncodeError as error:
            raise serializers.ValidationError("This is not plain JSON.") from error
        if size > MAX_METADATA or "\\u0000" in orjson.dumps(value).decode():
            raise serializers.ValidationError(f"At most {MAX_METADATA} bytes, without null characters.")
        if _depth(value) > MAX_DEPTH:
            raise serializers.ValidationError(f"At most {MAX_DEPTH} levels deep.")
        return value


def _depth(value: Any) -> int:
    """Levels of lists and dictionaries; safe for what orjson wrote, which has at most 254."""
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if parts is None else 1 + max(map(_depth, parts), default=0)
