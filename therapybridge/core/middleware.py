"""Middleware for request ids, security headers, no-store, compression and DomainErrors; outermost first."""

import re
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.gzip import GZipMiddleware

from therapybridge.core.actor import actor_of
from therapybridge.core.errors import DomainError
from therapybridge.core.http import secret_paths
from therapybridge.core.http.bodies import refusal_of
from therapybridge.core.http.headers import SECURITY_HEADERS
from therapybridge.core.http.requests import PortalRequest
from therapybridge.core.models import uuid7
from therapybridge.core.problems import is_api, problem_response

GetResponse = Callable[[Any], HttpResponseBase]
REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
UNLOGGED = frozenset({"/health", "/ready", "/live", "/metrics"})

log = structlog.get_logger(__name__)


class RequestIdMiddleware:
    """Gives every request an id, in the response and on every log line; accepts a well-formed one from the caller."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: PortalRequest) -> HttpResponseBase:
        """Bind the id before everything else."""
        given = request.headers.get("X-Request-ID", "")
        request_id = given if REQUEST_ID.fullmatch(given) else str(uuid7())
        request.request_id = request_id
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        started = time.perf_counter()
        response = self.get_response(request)
        response.headers["X-Request-ID"] = request_id
        if request.path not in UNLOGGED:
            elapsed = round((time.perf_counter() - started) * 1000, 1)
            path = secret_paths.loggable(request)
            log.info("request", method=request.method, path=path, status=response.status_code, ms=elapsed)
        return response


class SecurityHeadersMiddleware:
    """Adds the fixed headers, including on errors and redirects."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Overwrite headers set by views."""
        response = self.get_response(request)
        for name, value in SECURITY_HEADERS.items():
            response.headers[name] = value
        if secret_paths.carries_secret(request):
            response.headers["Referrer-Policy"] = secret_paths.REFERRER_POLICY
        return response


class NoStoreMiddleware:
    """Prevents browsers and proxies from caching anything but static files."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Set no-store, also on errors under the static URL."""
        response = self.get_response(request)
        if not request.path.startswith(settings.STATIC_URL) or response.status_code >= HTTPStatus.BAD_REQUEST:
            response.headers["Cache-Control"] = "no-store"
        return response


class ApiGZipMiddleware(GZipMiddleware):
    """Compresses JSON for clients with a token, and nothing else: see docs/decisions/compress-for-tokens.md.

    A browser attaches cookies to requests that another site makes, and a password that it knows for ours (`Basic`), but
    never a token; so nobody else can choose what is compressed beside the secrets of a response. Django's random
    padding stands behind that.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """As Django does, if a token was accepted and the response is JSON."""
        is_json = response.get("Content-Type", "").partition(";")[0].endswith("json")
        if not (is_api(request) and is_json and _by_token(request) and not response.streaming):
            return response
        compressed: HttpResponseBase = super().process_response(request, response)
        return compressed


def _by_token(request: HttpRequest) -> bool:
    """Whether a token opened the request: sign-ins and renewals, which answer with tokens, ask for none."""
    is_bearer = request.headers.get("Authorization", "").lower().startswith("bearer ")
    return is_bearer and actor_of(request).auth_session is not None


class DomainErrorMiddleware:
    """Turns a DomainError raised by an HTML view into a page; the API has its own exception handler."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on, unless the server did not keep its body."""
        if refusal := refusal_of(request):
            return problem_response(request, refusal)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Render DomainErrors; other exceptions go to Django's error handlers."""
        return problem_response(request, exception) if isinstance(exception, DomainError) else None
