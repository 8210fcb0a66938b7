"""Lets the field history know which request it is written in."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from audit.log import current_request


class HistoryMiddleware:
    """Instead of auditlog's, which knows no token's user and takes any X-Forwarded-For for an address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Keep the request at hand; who is behind it is asked when a row is written."""
        token = current_request.set(request)
        try:
            return self.get_response(request)
        finally:
            current_request.reset(token)
