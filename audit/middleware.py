"""Lets the field history know who acts."""

from collections.abc import Callable
from functools import partial

from django.http import HttpRequest, HttpResponse

from audit.log import current_actor
from therapybridge.core.actor import actor_of


class HistoryMiddleware:
    """Instead of auditlog's, which knows no token's user and takes any X-Forwarded-For for an address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Who is behind the request is asked when a row is written: a token's person is known only in the view."""
        token = current_actor.set(partial(actor_of, request))
        try:
            return self.get_response(request)
        finally:
            current_actor.reset(token)
