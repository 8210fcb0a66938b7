"""Request bodies and headers shared by the API's views."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.serializers import Serializer

from therapybridge.core.api.serializers import StrictSerializer
from therapybridge.core.idempotency import HEADER

IDEMPOTENCY_HEADER = OpenApiParameter(
    HEADER,
    str,
    OpenApiParameter.HEADER,
    description="1 to 100 visible ASCII characters. For 24 hours, a repeat with this key returns the first response.",
)


def validated(serializer: Serializer[Any]) -> dict[str, Any]:
    """The validated body; ValidationError if it is invalid."""
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


def expect_no_fields(request: Request) -> None:
    """Raise ValidationError naming the body's fields, for an operation that takes none."""
    validated(StrictSerializer(data=request.data))
