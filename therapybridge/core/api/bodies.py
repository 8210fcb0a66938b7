"""What the API's views share."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter
from rest_framework.serializers import Serializer

from therapybridge.core.idempotency import HEADER

IDEMPOTENCY_HEADER = OpenApiParameter(HEADER, str, OpenApiParameter.HEADER)


def validated(shape: Serializer[Any]) -> dict[str, Any]:
    """The values of a well-formed body; ValidationError otherwise."""
    shape.is_valid(raise_exception=True)
    return dict(shape.validated_data)
