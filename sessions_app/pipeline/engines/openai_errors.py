"""Translate the openai client's exceptions into engine errors."""

import math
import re
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import openai

from sessions_app.pipeline.engines.base import ConfigurationError, EngineError, NeedsSmaller, Permanent, Transient

LONGEST_WAIT = 3600.0  # seconds; a provider's mistake must not delay a session for days
WAITING: dict[int, str] = {
    HTTPStatus.REQUEST_TIMEOUT: "timeout",
    HTTPStatus.CONFLICT: "upstream_error",
    HTTPStatus.TOO_MANY_REQUESTS: "rate_limited",
}
# Redirects (below 400) count too: they would send the recording to an address nobody configured.
UNUSABLE = {
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.METHOD_NOT_ALLOWED,
}
QUOTA = {"insufficient_quota", "billing_hard_limit_reached", "billing_not_active"}
TOO_LARGE = {"context_length_exceeded", "string_above_max_length", "array_above_max_length", "audio_too_long"}
FILTERED = {"content_filter", "responsible_ai_policy_violation"}
REFUSED = {"content_policy_violation", "invalid_prompt"}
MISCONFIGURED = {
    "invalid_api_key",
    "invalid_json_schema",
    "model_not_found",
    "unknown_parameter",
    "unsupported_model",
    "unsupported_parameter",
    "unsupported_value",
}
# The audio models' length limits have no code of their own.
_TOO_LARGE_WORDS = re.compile(
    r"\b(is longer than|maximum context length|context size|too large|too long)\b", re.IGNORECASE
)


@contextmanager
def translated() -> Iterator[None]:
    """Raise EngineError for any exception of the client.

    The cause is dropped on purpose: its message may quote the transcript, the URL or the key.
    """
    try:
        yield
    except openai.OpenAIError as error:
        raise engine_error(error) from None


def engine_error(error: openai.OpenAIError) -> EngineError:
    """The engine error for a client error."""
    if isinstance(error, openai.APIStatusError):
        return _by_status(error)
    if isinstance(error, openai.APIConnectionError):
        if _distrusts(error):
            return ConfigurationError()
        return Transient("timeout" if isinstance(error, openai.APITimeoutError) else "connection")
    if isinstance(error, openai.LengthFinishReasonError):
        return NeedsSmaller()
    if isinstance(error, openai.ContentFilterFinishReasonError):
        return Permanent("content_filtered")
    return Transient("bad_reply") if isinstance(error, openai.APIError) else ConfigurationError()


def _distrusts(error: BaseException | None) -> bool:
    """Whether the server's certificate was refused, which waiting does not change."""
    while error:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False


def refuses_format(error: openai.APIStatusError) -> bool:
    """Whether the model does not support the requested response format."""
    bad_request = error.status_code in {HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY}
    return bad_request and (error.code == "unsupported_value" or error.param == "response_format")


def _by_status(error: openai.APIStatusError) -> EngineError:
    status = error.status_code
    if status == HTTPStatus.PAYMENT_REQUIRED or {error.code, error.type} & QUOTA:
        return ConfigurationError("quota")
    if status in WAITING or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        wait = retry_after(error.response.headers, datetime.now(UTC))
        return Transient(WAITING.get(status, "upstream_error"), retry_after=wait)
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return NeedsSmaller()
    if status in UNUSABLE or status < HTTPStatus.BAD_REQUEST:
        return ConfigurationError()
    return _by_code(error)


def _by_code(error: openai.APIStatusError) -> EngineError:
    if error.code in FILTERED:
        return Permanent("content_filtered")
    if error.code in REFUSED:
        return Permanent("refused")
    if error.code in MISCONFIGURED:
        return ConfigurationError()
    if error.code in TOO_LARGE or _TOO_LARGE_WORDS.search(error.message):
        return NeedsSmaller()
    return Permanent("rejected")


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds to wait by a Retry-After header (a number or an HTTP date), at most an hour."""
    value = headers.get("retry-after", "")
    seconds = _number(value)
    if seconds is None:
        seconds = _until(value, now)
    return None if seconds is None else min(max(seconds, 0.0), LONGEST_WAIT)


def _number(value: str) -> float | None:
    try:
        seconds = float(value)
    except ValueError:
        return None
    return seconds if math.isfinite(seconds) else None


def _until(value: str, now: datetime) -> float | None:
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() - now.timestamp()
