"""The schema of responses that are files."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

Responses = dict[Any, Any]
RANGE_HEADERS = [
    OpenApiParameter("Range", str, OpenApiParameter.HEADER, description="One range of bytes, such as `bytes=0-1023`."),
    OpenApiParameter("If-None-Match", str, OpenApiParameter.HEADER, description="The ETag of the file that is known."),
]


def whole(media_type: str) -> Responses:
    """A file that is sent in full."""
    return {(200, media_type): OpenApiResponse(OpenApiTypes.BINARY, description="The file.")}


def ranged(media_type: str) -> Responses:
    """A file of which a part can be asked for."""
    return whole(media_type) | {
        (206, media_type): OpenApiResponse(OpenApiTypes.BINARY, description="The range that was asked for."),
        304: OpenApiResponse(description="The file is the one that is known."),
        416: OpenApiResponse(description="The range begins after the end of the file."),
    }
