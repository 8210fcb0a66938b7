"""Responses in the format of the OpenAI API, and all faults that the engines must survive."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http import HTTPStatus
from typing import Any, Literal

HUGE_BYTES = 9_000_000
STATUS_CODES = {
    401: "invalid_api_key",
    403: "unsupported_country_region_territory",
    404: "model_not_found",
    429: "rate_limit_exceeded",
}


@dataclass(frozen=True)
class Reply:
    """One response; with an action other than "send", no status is written."""

    body: bytes = b""
    status: int = 200
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    action: Literal["send", "hang", "reset", "trickle"] = "send"


def as_json(value: object, status: int = 200, headers: dict[str, str] | None = None) -> Reply:
    """Build a JSON response."""
    return Reply(json.dumps(value).encode(), status, headers=headers or {})


def error(status: int, message: str, code: str | None = None, param: str | None = None) -> Reply:
    """An error response; 429 asks to wait a second, 503 an hour (as a date)."""
    headers = {}
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        headers["Retry-After"] = "1"
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers["Retry-After"] = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        headers["Location"] = "/v1/elsewhere"
    body = {"message": message, "type": "invalid_request_error", "param": param, "code": code}
    return as_json({"error": body}, status, headers)


def completion(model: str, content: str | None, prompt_chars: int = 0, **changes: Any) -> Reply:
    """A chat completion with one choice; `changes` may set finish_reason and refusal."""
    message = {"role": "assistant", "content": content, "refusal": changes.get("refusal")}
    choice = {"index": 0, "message": message, "finish_reason": changes.get("finish_reason", "stop"), "logprobs": None}
    prompt, answer = prompt_chars // 4, len(content or "") // 4
    usage = {"prompt_tokens": prompt, "completion_tokens": answer, "total_tokens": prompt + answer}
    head = {"id": "chatcmpl-stub", "object": "chat.completion", "created": 1_700_000_000, "model": model}
    return as_json(head | {"choices": [choice], "usage": usage})


def fault(kind: str, *, audio: bool) -> Reply | None:
    """The fault with this name, or None; three digits mean that status."""
    if kind.isdigit():
        return error(int(kind), f"The stub was asked for {kind}.", STATUS_CODES.get(int(kind)))
    make = _SHARED.get(kind) or (_AUDIO if audio else _CHAT).get(kind)
    return make() if make else None


_SHARED: dict[str, Callable[[], Reply]] = {
    "quota": lambda: error(429, "You exceeded your current quota.", "insufficient_quota"),
    "timeout": lambda: Reply(status=0, action="hang"),
    "reset": lambda: Reply(status=0, action="reset"),
    "trickle": lambda: Reply(action="trickle"),
    "html": lambda: Reply(b"<!doctype html><title>Sign in</title>", content_type="text/html"),
    "broken-json": lambda: Reply(b'{"text": "I have been'),
    "empty": Reply,
    "none": lambda: as_json({"text": None, "choices": None}),
    "huge": lambda: as_json({"text": "a" * HUGE_BYTES}),
    "rejected": lambda: error(400, "Audio file might be corrupted or unsupported.", "invalid_value", "file"),
}
_AUDIO: dict[str, Callable[[], Reply]] = {
    "refusal": lambda: error(400, "This request was declined.", "content_policy_violation"),
    "filter": lambda: error(400, "The content filter was triggered.", "content_filter"),
    "length": lambda: error(400, "audio duration 1500 seconds is longer than 1400 seconds", "invalid_value"),
}
_CHAT: dict[str, Callable[[], Reply]] = {
    "refusal": lambda: completion("stub", None, refusal="I'm sorry, I can't help with that."),
    "filter": lambda: completion("stub", None, finish_reason="content_filter"),
    "length": lambda: completion("stub", '{"key_topics": [', 400, finish_reason="length"),
    "context": lambda: error(400, "Too many tokens.", "context_length_exceeded", "messages"),
    "no-schema": lambda: error(400, "json_schema is not supported", "unsupported_value", "response_format"),
}
