"""JSON for the API. Datetimes have one form: UTC with six decimals, 2026-11-20T14:00:00.000000Z."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import orjson
from django.utils.functional import Promise
from rest_framework.renderers import BaseRenderer


class OrjsonRenderer(BaseRenderer):
    """Renders response data to JSON; TypeError for anything that must not be exposed, such as encrypted values."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Mapping[str, Any] | None = None
    ) -> bytes:
        """Empty for None, so that a 204 has no body."""
        return b"" if data is None else to_json(data)


def to_json(data: Any) -> bytes:
    """Serialize as in every response; orjson handles UUIDs itself."""
    return orjson.dumps(data, default=_plain, option=orjson.OPT_PASSTHROUGH_DATETIME)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return _moment(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (Decimal, Promise)):
        return str(value)
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} cannot be rendered as JSON")


def _moment(value: datetime) -> str:
    if value.tzinfo is None:
        raise TypeError("A naive datetime cannot be rendered as JSON")
    # Fixed length: some clients parse only one precision, and text then sorts like time.
    in_utc = value if value.tzinfo is UTC else value.astimezone(UTC)  # as the database gives them
    return in_utc.isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"
