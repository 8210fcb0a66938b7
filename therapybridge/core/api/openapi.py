"""What all operations of the schema share: summaries, error responses, and headers of responses."""

import re
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from drf_spectacular.openapi import AutoSchema

from therapybridge.core import limits
from therapybridge.core.api import revisions
from therapybridge.core.api.views import ApiView
from therapybridge.core.changes import tells_changes
from therapybridge.core.idempotency import HEADER

Operation = dict[str, Any]
# Error responses by the name of their component: status and meaning.
REFUSALS = {
    "Invalid": ("400", "The input is invalid."),
    "NotAuthenticated": ("401", "Not authenticated, or no longer."),
    "Forbidden": ("403", "The operation is not allowed, or needs a recent proof of identity."),
    "NotFound": ("404", "Not found, or not visible to this user."),
    "Conflicting": ("409", "The current state does not allow this."),
    "ConflictingOrInProgress": (
        "409",
        "The current state does not allow this, or the first request with this key is still in progress.",
    ),
    "TooLarge": ("413", "The body is too large."),
    "UnsupportedMedia": ("415", "This content type is not accepted."),
    "Unprocessable": ("422", "The content cannot be processed."),
    "UnprocessableOrMismatched": ("422", "The content cannot be processed, or this key is another request's."),
    "RevisionMissing": ("428", "If-Match is missing."),
    "RateLimited": ("429", "Too many requests; Retry-After says when to try again."),
    "ServerError": ("500", "A defect of the server; `request_id` helps its operator to find it."),
    "Unavailable": ("503", "Currently unavailable."),
}
OF_ALL = ("Invalid", "NotAuthenticated", "Forbidden", "NotFound", "RateLimited", "ServerError", "Unavailable")
OF_WRITES = ("TooLarge", "UnsupportedMedia")
WITHOUT_KEY, WITH_KEY = ("Conflicting", "Unprocessable"), ("ConflictingOrInProgress", "UnprocessableOrMismatched")
TEXT = {"type": "string"}
OPEN_OBJECT = {"type": "object", "additionalProperties": True}
PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "An error (RFC 9457).",
    "required": ["type", "title", "status", "detail", "code", "request_id", "retriable"],
    "properties": {
        "type": TEXT | {"description": "`urn:therapybridge:problem:` and the code."},
        "title": TEXT,
        "status": {"type": "integer"},
        "detail": TEXT | {"description": "A message for people."},
        "code": TEXT | {"description": "Stable and machine-readable; new ones are added, so expect others."},
        "request_id": TEXT,
        "retriable": {"type": "boolean", "description": "The same request may succeed later."},
        "errors": {
            "type": "object",
            "description": "Messages by field.",
            "additionalProperties": {"type": "array", "items": TEXT},
        },
        "change": OPEN_OBJECT | {"description": "Of `edit_conflict`: who changed it, and when."},
        "conflict": OPEN_OBJECT | {"description": "Of `edit_conflict`: what stands there now."},
        "plan": TEXT | {"format": "uuid", "description": "Of `another_plan_active`: that plan."},
    },
}
RESPONSE_HEADERS: dict[str, dict[str, Any]] = {
    "X-Request-ID": {"description": "Names the request in logs and on record.", "schema": TEXT},
    "Retry-After": {"description": "Seconds to wait before the next request.", "schema": {"type": "integer"}},
    "RateLimit-Limit": {"description": "Requests of this kind per window.", "schema": {"type": "integer"}},
    "RateLimit-Remaining": {"description": "How many of them are left.", "schema": {"type": "integer"}},
    "RateLimit-Reset": {"description": "Seconds until the window starts anew.", "schema": {"type": "integer"}},
    "ETag": {"description": "The revision or version of the response, for If-Match or If-None-Match.", "schema": TEXT},
    "Location": {"description": "The path of what was created.", "schema": TEXT | {"format": "uri-reference"}},
    "Idempotency-Replayed": {
        "description": "`true` if this repeats an earlier response.",
        "schema": TEXT | {"enum": ["true"]},
    },
    "WWW-Authenticate": {"description": "The scheme that is expected.", "schema": TEXT},
    "Content-Range": {"description": "Which bytes of how many these are.", "schema": TEXT},
    "Accept-Ranges": {"description": "`bytes`: parts can be asked for.", "schema": TEXT},
    "Content-Disposition": {"description": "The name of the file.", "schema": TEXT},
}
OF_EACH_RESPONSE = ("X-Request-ID", *limits.HEADERS)
HEADERS_OF_REFUSALS = {"401": ["WWW-Authenticate"], "429": ["Retry-After"], "503": ["Retry-After"]}
BINARY = {"type": "string", "format": "binary"}
CLAUSE = re.compile(r"(?:[^.;:(]|\.(?=\w))+")


class ApiSchema(AutoSchema):
    """Describes one operation; the first clause of the method's docstring is its summary."""

    def get_summary(self) -> str | None:
        """Up to the first full stop, semicolon, colon or bracket."""
        if found := CLAUSE.match(self.get_description().replace("\n", " ")):
            return found[0].strip()
        return None

    def _get_paginator(self) -> Any:
        """Knows whether the list can be asked for what has changed since."""
        paginator = super()._get_paginator()  # type: ignore[no-untyped-call]
        if paginator is not None:
            paginator.tells_changes = tells_changes(self.view)
        return paginator

    def get_operation(self, *args: Any, **kwargs: Any) -> Operation | None:
        """With `security: []` where nobody has to sign in, and Location where it is sent."""
        operation: Operation | None = super().get_operation(*args, **kwargs)
        if operation is not None:
            operation.setdefault("security", [])
            located = self.view.located_statuses() if isinstance(self.view, ApiView) else frozenset()
            for status in located & operation["responses"].keys():
                _add_header(operation["responses"][status], "Location")
        return operation


def complete(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Schema post-processing hook: the address, and what each operation has beyond its own responses."""
    result["servers"] = [{"url": settings.PUBLIC_URL}]
    components = result["components"]
    components.setdefault("schemas", {})["Problem"] = PROBLEM
    components["headers"] = RESPONSE_HEADERS
    components["responses"] = {name: _refusal(*told) for name, told in REFUSALS.items()}
    for operations in result["paths"].values():
        for method, operation in operations.items():
            _describe_headers(operation, components["schemas"])
            for name in _refusals_of(method, operation):
                reference = {"$ref": f"#/components/responses/{name}"}
                operation["responses"].setdefault(REFUSALS[name][0], reference)
    _name_null_plainly(result)
    return result


def _refusal(status: str, sentence: str) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    response = {"description": sentence, "content": content}
    for name in (*OF_EACH_RESPONSE, *HEADERS_OF_REFUSALS.get(status, ())):
        _add_header(response, name)
    return response


def _refusals_of(method: str, operation: Operation) -> Iterator[str]:
    yield from OF_ALL
    if method == "get":
        return
    yield from OF_WRITES
    yield from WITH_KEY if _takes(HEADER, operation) else WITHOUT_KEY
    if _takes(revisions.HEADER, operation, is_required=True):
        yield "RevisionMissing"


def _describe_headers(operation: Operation, schemas: dict[str, Any]) -> None:
    for status, response in operation["responses"].items():
        for name in _headers_of(status, response, operation, schemas):
            _add_header(response, name)


def _headers_of(status: str, response: dict[str, Any], operation: Operation, schemas: dict[str, Any]) -> Iterator[str]:
    is_ranged, is_conditional = "416" in operation["responses"], "304" in operation["responses"]
    yield from OF_EACH_RESPONSE
    if status == "416":
        yield "Content-Range"
        return
    if _takes(HEADER, operation):
        yield "Idempotency-Replayed"
    if is_conditional or _has_revision(response, schemas):
        yield "ETag"
    if is_conditional and not is_ranged:  # what is polled
        yield "Retry-After"
    if status == "206":
        yield "Content-Range"
    if _is_file(response):
        yield from ("Content-Disposition", "Accept-Ranges")


def _add_header(response: dict[str, Any], name: str) -> None:
    response.setdefault("headers", {}).setdefault(name, {"$ref": f"#/components/headers/{name}"})


def _takes(header: str, operation: Operation, *, is_required: bool = False) -> bool:
    taken = [parameter for parameter in operation.get("parameters", []) if parameter["name"] == header]
    return any(parameter.get("required", False) or not is_required for parameter in taken)


def _is_file(response: dict[str, Any]) -> bool:
    return any(one.get("schema") == BINARY for one in response.get("content", {}).values())


def _has_revision(response: dict[str, Any], schemas: dict[str, Any]) -> bool:
    """Whether one row is shown, with the revision that its ETag is made of."""
    shown = response.get("content", {}).get("application/json", {}).get("schema", {})
    return "revision" in schemas.get(_component(shown), {}).get("properties", {})


def _component(schema: dict[str, Any]) -> str:
    return str(schema.get("$ref", "")).rpartition("/")[2]


def _name_null_plainly(result: dict[str, Any]) -> None:
    """`{"type": "null"}` where the library refers to a component for it: generators make a class of that."""
    null = {"$ref": "#/components/schemas/NullEnum"}
    for choices in _choices_in(result["components"]["schemas"]):
        choices[:] = [{"type": "null"} if one == null else one for one in choices]
    result["components"]["schemas"].pop("NullEnum", None)


def _choices_in(part: Any) -> Iterator[list[Any]]:
    """The lists of alternatives anywhere in a schema."""
    parts = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    for one in parts:
        yield from _choices_in(one)
    if isinstance(part, dict) and isinstance(part.get("oneOf"), list):
        yield part["oneOf"]
