"""Revisions: an ETag tells which one was read, and If-Match on which one a change builds."""

import re

from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from therapybridge.core.errors import DomainError, InvalidInput

HEADER = "If-Match"
# A proxy that compresses a response makes its ETag a weak one.
TAG = re.compile(r'(?:W/)?"([0-9]{1,9})"')
VERSION = re.compile(r'(?:W/)?"([0-9]{1,20})"')
IF_MATCH = OpenApiParameter(
    HEADER,
    str,
    OpenApiParameter.HEADER,
    required=True,
    description='The ETag of the revision that was read, such as `"3"`.',
)
# Where a change without it is taken as it comes.
MAY_MATCH = OpenApiParameter(
    HEADER,
    str,
    OpenApiParameter.HEADER,
    description="The ETag that was read: if the row has changed since, nothing is written.",
)


class PreconditionRequired(DomainError):
    """A change has to name the revision that it builds on."""

    code = "precondition_required"
    status = 428
    title = f"Send {HEADER} with the revision that you read"


def etag_of(revision: int | str) -> str:
    """The revision or version as the value of an ETag."""
    return f'"{revision}"'


def revision_of(request: Request) -> int:
    """The revision in If-Match; PreconditionRequired without the header, InvalidInput if it is no ETag of ours."""
    given = request.headers.get(HEADER)
    if given is None:
        raise PreconditionRequired
    found = TAG.fullmatch(given.strip())
    if found is None:
        raise InvalidInput(f'{HEADER} must be one revision in quotes, such as "3".', code="invalid_revision")
    return int(found[1])


def version_of_request(request: Request) -> str:
    """The version in If-Match; PreconditionRequired without the header, InvalidInput if it is no ETag of ours."""
    found = version_in(request)
    if found is None:
        raise PreconditionRequired
    return found


def version_in(request: Request) -> str | None:
    """The version in If-Match, None without the header; InvalidInput if it is no ETag of ours."""
    given = request.headers.get(HEADER)
    if given is None:
        return None
    found = VERSION.fullmatch(given.strip())
    if found is None:
        raise InvalidInput(f"{HEADER} must be the ETag that you read.", code="invalid_revision")
    return found[1]
