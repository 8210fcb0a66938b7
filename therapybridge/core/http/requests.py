"""Types for the attributes that our middleware adds to requests."""

from typing import Any

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from therapybridge.core.actor import Actor


class PortalRequest(HttpRequest):
    """A request after our middleware; only for type checking, never instantiated."""

    request_id: str
    actor: Actor
    session_seconds: int
    _cached_user: Any
    htmx: HtmxDetails
