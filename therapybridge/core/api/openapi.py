"""Error responses shared by all operations in the schema."""

from typing import Any

from therapybridge.core.api import revisions
from therapybridge.core.idempotency import HEADER

READ_REFUSALS = {
    "400": "The input is invalid.",
    "401": "Not authenticated, or no longer.",
    "403": "The operation is not allowed, or needs a recent proof of identity.",
    "404": "Not found, or not visible to this user.",
    "429": "Too many requests; Retry-After says when to try again.",
    "503": "Currently unavailable.",
}
WRITE_REFUSALS = READ_REFUSALS | {
    "409": "The current state does not allow this.",
    "413": "The body is too large.",
    "415": "This content type is not accepted.",
    "422": "The content cannot be processed.",
}
# For operations that accept an Idempotency-Key.
KEY_REFUSALS = {
    "409": "The current state does not allow this, or the first request with this key is still in progress.",
    "422": "The content cannot be processed, or this key is another request's.",
}
# For operations that require If-Match.
REVISION_REFUSALS = {"428": "If-Match is missing."}
REPLAYED = {
    "description": "`true` if this repeats an earlier response.",
    "schema": {"type": "string", "enum": ["true"]},
}
TEXT = {"type": "string"}
PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "An error (RFC 9457).",
    "required": ["type", "title", "status", "detail", "code", "request_id", "retriable"],
    "properties": {
        "type": TEXT,
        "title": TEXT,
        "status": {"type": "integer"},
        "detail": TEXT,
        "code": {"type": "string", "description": "Stable and machine-readable."},
        "request_id": TEXT,
        "retriable": {"type": "boolean"},
        "errors": {"type": "object", "additionalProperties": {"type": "array", "items": TEXT}},
    },
}


def describe_refusals(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Schema post-processing hook: add the problem responses to each operation."""
    result["components"].setdefault("schemas", {})["Problem"] = PROBLEM
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for operations in result["paths"].values():
        for method, operation in operations.items():
            refusals = READ_REFUSALS if method == "get" else WRITE_REFUSALS
            if _takes(HEADER, operation):
                refusals = refusals | KEY_REFUSALS
                _describe_replay(operation)
            if _takes(revisions.HEADER, operation, is_required=True):
                refusals = refusals | REVISION_REFUSALS
            for status, sentence in refusals.items():
                operation["responses"].setdefault(status, {"description": sentence, "content": content})
    return result


def _takes(header: str, operation: dict[str, Any], *, is_required: bool = False) -> bool:
    taken = [parameter for parameter in operation.get("parameters", []) if parameter["name"] == header]
    return any(parameter.get("required", False) or not is_required for parameter in taken)


def _describe_replay(operation: dict[str, Any]) -> None:
    for response in operation["responses"].values():
        response["headers"] = {"Idempotency-Replayed": REPLAYED}
