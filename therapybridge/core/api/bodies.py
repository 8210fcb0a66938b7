"""Bodies as the API's views take them in."""

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
    description="1 to 100 visible ASCII characters. A repeat with the same key gets the first answer, for 24 hours.",
)


def validated(serializer: Serializer[Any]) -> dict[str, Any]:
    """The values of a well-formed body; ValidationError otherwise."""
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


def expect_no_fields(request: Request) -> None:
    """For a verb that takes none: ValidationError names those that came along."""
    validated(StrictSerializer(data=request.data))
