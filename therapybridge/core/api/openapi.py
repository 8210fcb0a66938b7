"""What every operation of the schema has in common: the answers that refuse."""

from typing import Any

from therapybridge.core.idempotency import HEADER

READ_REFUSALS = {
    "400": "The input is not valid.",
    "401": "Nobody is signed in, or no longer.",
    "403": "The verb is not allowed, or a proof of identity is missing.",
    "404": "No such row for this reader.",
    "429": "Too many requests; Retry-After says when to come back.",
    "503": "Not available at the moment.",
}
WRITE_REFUSALS = READ_REFUSALS | {
    "409": "The row is in a state that does not allow this.",
    "413": "The body is too large.",
    "415": "This type of content is not accepted.",
    "422": "The content cannot be used.",
}
# Also where an operation takes an Idempotency-Key.
KEY_REFUSALS = {
    "409": "The row is in a state that does not allow this, or the first request with this key is still at work.",
    "422": "The content cannot be used, or this key came with another request.",
}
REPLAYED = {"description": "`true` when the answer is an earlier one.", "schema": {"type": "string", "enum": ["true"]}}
TEXT = {"type": "string"}
PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "A refusal (RFC 9457).",
    "required": ["type", "title", "status", "detail", "code", "request_id", "retriable"],
    "properties": {
        "type": TEXT,
        "title": TEXT,
        "status": {"type": "integer"},
        "detail": TEXT,
        "code": {"type": "string", "description": "Stable; made for programs."},
        "request_id": TEXT,
        "retriable": {"type": "boolean"},
        "errors": {"type": "object", "additionalProperties": {"type": "array", "items": TEXT}},
    },
}


def describe_refusals(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Post-processing hook of the schema: adds the problem answers to each operation."""
    result["components"].setdefault("schemas", {})["Problem"] = PROBLEM
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for operations in result["paths"].values():
        for method, operation in operations.items():
            refusals = READ_REFUSALS if method == "get" else WRITE_REFUSALS
            if _takes_key(operation):
                refusals = refusals | KEY_REFUSALS
                _describe_replay(operation)
            for status, sentence in refusals.items():
                operation["responses"].setdefault(status, {"description": sentence, "content": content})
    return result


def _takes_key(operation: dict[str, Any]) -> bool:
    return any(parameter["name"] == HEADER for parameter in operation.get("parameters", []))


def _describe_replay(operation: dict[str, Any]) -> None:
    for response in operation["responses"].values():
        response["headers"] = {"Idempotency-Replayed": REPLAYED}
