"""The request as our middleware leaves it: what views may rely on, with types."""

from typing import Any

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from therapybridge.core.actor import Actor


class PortalRequest(HttpRequest):
    """Attributes that the middleware adds; Django makes the object, this only names them."""

    request_id: str
    actor: Actor
    session_seconds: int
    _cached_user: Any
    htmx: HtmxDetails
