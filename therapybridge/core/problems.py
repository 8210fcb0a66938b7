"""Error responses: application/problem+json (RFC 9457) under /api/, a page elsewhere."""

import sys
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.core.exceptions import ValidationError as ModelValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.views import set_rollback

from therapybridge.core.api.renderers import to_json
from therapybridge.core.errors import DomainError, FieldErrors, Forbidden, InvalidInput, NotFound, RateLimited, TooLarge
from therapybridge.core.outages import outage

API_PREFIX = "/api/"
RETRIABLE = frozenset({408, 429, 502, 503, 504})
# Our codes for errors that Django REST framework names differently.
CODES = {
    "permission_denied": "forbidden",
    "throttled": "rate_limited",
    "unsupported_media_type": "unsupported_media",
    "error": "server_error",
}
SAFE = "Nothing was changed. Everything you had saved is still there."
SAFE_AFTER_FAILURE = "Everything you had saved is still there."
NEXT_STEP = {
    400: "Go back, correct what the message says, and try again.",
    403: "If you think you should have access, ask your clinic's administrator.",
    404: "Check the address, or go back and choose from a list.",
    405: "Go back and use the buttons on the page.",
    409: "Go back, reload the page to see its current state, and try again.",
    413: "Choose a smaller file and try again.",
    415: "Choose a file of an accepted type and try again.",
    422: "Check the file or the form and try again.",
    429: "Wait a moment, then try again.",
    500: "Try again. If it happens again, give the reference below to your administrator.",
    503: "Try again in a few minutes.",
}
# For codes whose status alone would give the wrong advice.
NEXT_STEP_OF = {
    "link_gone": "Ask the person who sent it to you. If you already have an account, just sign in.",
    "storage_quota_reached": "Ask for more room, then try again.",
    "sign_up_closed": "If you already have an account, just sign in.",
}


def is_api(request: HttpRequest) -> bool:
    """Whether the response is JSON."""
    return request.path.startswith(API_PREFIX)


def problem_response(request: HttpRequest, error: DomainError) -> HttpResponse:
    """JSON for the API, a page for people; both carry the request id and Retry-After."""
    response = problem_json(request, error) if is_api(request) else _page(request, error)
    for name, value in error.headers.items():
        response.headers[name] = value
    if error.retry_after is not None:
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def problem_json(request: HttpRequest, error: DomainError) -> HttpResponse:
    """The JSON form, also for scripts of pages that ask for it."""
    problem: dict[str, Any] = {
        "type": f"urn:therapybridge:problem:{error.code}",
        "title": _title(error),
        "status": error.status,
        "detail": error.detail,
        "code": error.code,
        "request_id": getattr(request, "request_id", ""),
        "retriable": _is_retriable(error),
        **error.extensions,
    }
    if error.errors:
        problem["errors"] = {name: list(messages) for name, messages in error.errors.items()}
    return HttpResponse(to_json(problem), status=error.status, content_type="application/problem+json")


def _page(request: HttpRequest, error: DomainError) -> HttpResponse:
    context = {
        "status": error.status,
        "title": _title(error),
        "detail": error.detail if error.detail != _title(error) else "",
        "errors": error.errors,
        "safe": SAFE if error.status < HTTPStatus.INTERNAL_SERVER_ERROR else SAFE_AFTER_FAILURE,
        "next_step": NEXT_STEP_OF.get(error.code) or NEXT_STEP.get(error.status, NEXT_STEP[400]),
        "request_id": getattr(request, "request_id", ""),
    }
    # Rendered without the request: an error page must not run context processors, since one of them may have failed.
    page = render_to_string([f"errors/{error.status}.html", "errors/error.html"], context)
    return HttpResponse(page, status=error.status)


def _title(error: DomainError) -> str:
    return error.title if type(error) is not DomainError else HTTPStatus(error.status).phrase


def _is_retriable(error: DomainError) -> bool:
    return error.retriable or error.status in RETRIABLE


def drf_exception_handler(exc: Exception, context: Mapping[str, Any]) -> HttpResponse | None:
    """Django REST framework's exception hook; None turns the exception into a 500."""
    error = as_domain_error(exc)
    if error is None:
        return None
    set_rollback()
    request = context["request"]
    response = problem_response(request._request if isinstance(request, Request) else request, error)
    if challenge := getattr(exc, "auth_header", None):
        response.headers["WWW-Authenticate"] = challenge
    return response


def as_domain_error(exc: Exception) -> DomainError | None:
    """Translate our own, REST framework's and Django's exceptions; None for a defect."""
    if isinstance(exc, DomainError):
        return exc
    if isinstance(exc, exceptions.APIException):
        return _from_framework(exc)
    return _from_django(exc)


def _from_django(exc: Exception) -> DomainError | None:
    if isinstance(exc, ModelValidationError):
        return InvalidInput(errors=_model_errors(exc))
    if isinstance(exc, Http404):
        return NotFound()
    if isinstance(exc, PermissionDenied):
        return Forbidden()
    if isinstance(exc, RequestDataTooBig):
        return TooLarge("The request is too large.")
    if isinstance(exc, SuspiciousOperation):
        return InvalidInput("The request is malformed.")
    return outage(exc)


def _from_framework(exc: exceptions.APIException) -> DomainError:
    if isinstance(exc, exceptions.ValidationError):
        return InvalidInput(errors=_flatten(exc.detail))
    if isinstance(exc, exceptions.NotFound):
        return NotFound()
    if isinstance(exc, exceptions.Throttled):
        return RateLimited(retry_after=int(getattr(exc, "wait", None) or 1))
    detail: Any = exc.detail
    code = getattr(detail, "code", exc.default_code)
    if isinstance(detail, dict):  # Simple JWT wraps message and code in a dictionary
        detail, code = detail.get("detail", ""), detail.get("code", code)
    return DomainError(str(detail), code=CODES.get(str(code), str(code)), status=exc.status_code)


def _flatten(detail: Any, path: str = "") -> dict[str, list[str]]:
    """Flatten nested serializer errors to `goals.0.title` → messages."""
    if isinstance(detail, Mapping):
        items = [(str(key), value) for key, value in detail.items()]
    elif isinstance(detail, list) and any(isinstance(part, (Mapping, list)) for part in detail):
        items = [(str(index), part) for index, part in enumerate(detail) if part]
    else:
        sentences = detail if isinstance(detail, list) else [detail]
        return {path or "non_field_errors": [str(sentence) for sentence in sentences]}
    flat: dict[str, list[str]] = {}
    for key, value in items:
        flat |= _flatten(value, f"{path}.{key}" if path else key)
    return flat


def _model_errors(exc: ModelValidationError) -> FieldErrors:
    if not hasattr(exc, "error_dict"):
        return {"non_field_errors": exc.messages}
    return {
        "non_field_errors" if name == NON_FIELD_ERRORS else name: list(messages)
        for name, messages in exc.message_dict.items()
    }


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler400: malformed requests; 413 for a body over the limit."""
    error = as_domain_error(exception) if exception else None
    return problem_response(request, error or InvalidInput("The request is malformed."))


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler403; the exception's text is not shown."""
    return problem_response(request, Forbidden())


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler404; the exception's text is not shown."""
    return problem_response(request, NotFound())


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500: a defect, or something that is away, already logged with its traceback."""
    exc = sys.exception()
    return problem_response(request, (isinstance(exc, Exception) and outage(exc)) or ServerError())


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """CSRF_FAILURE_VIEW: usually a form that was open for too long."""
    detail = "The form was open for too long or came from another page. Go back, reload it and submit it again."
    return problem_response(request, Forbidden(detail, code="csrf_failed"))


class ServerError(DomainError):
    """A defect of ours."""

    code = "server_error"
    status = 500
    title = "Something went wrong on our side"
    retriable = True
