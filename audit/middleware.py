"""Sets the actor of the field history."""

from collections.abc import Callable
from functools import partial

from django.http import HttpRequest, HttpResponse

from audit.log import current_actor
from therapybridge.core.actor import actor_of


class HistoryMiddleware:
    """Replaces auditlog's middleware, which does not know token users and trusts any X-Forwarded-For."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The actor is resolved when a row is written: with tokens, the person is known only inside the view."""
        token = current_actor.set(partial(actor_of, request))
        try:
            return self.get_response(request)
        finally:
            current_actor.reset(token)
