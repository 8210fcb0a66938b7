"""Revisions: an ETag tells which one was read, and If-Match on which one a change builds."""

import re

from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from therapybridge.core.errors import DomainError, InvalidInput

HEADER = "If-Match"
# A proxy that compresses a response makes its ETag a weak one.
TAG = re.compile(r'(?:W/)?"([0-9]{1,9})"')
IF_MATCH = OpenApiParameter(
    HEADER,
    str,
    OpenApiParameter.HEADER,
    required=True,
    description='The ETag of the revision that was read, such as `"3"`.',
)


class PreconditionRequired(DomainError):
    """A change has to name the revision that it builds on."""

    code = "precondition_required"
    status = 428
    title = f"Send {HEADER} with the revision that you read"


def etag_of(revision: int) -> str:
    """The revision as the value of an ETag."""
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
