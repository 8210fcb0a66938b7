"""The actor: what services and the audit trail know about the person or system behind a request, task or command."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Self
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from rest_framework.request import Request


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, or the system if `user` is None; created by the middleware, the task base class and commands.

    `grants` maps patient ids to the person's live emergency grants.
    """

    user: Any = None
    auth_session: Any = None
    address: str | None = None
    user_agent: str = ""
    request_id: str = ""
    grants: Mapping[UUID, UUID] = field(default_factory=dict)

    def acting_as(self, user: Any) -> Self:
        """The same caller as `user`: after a sign-in, or a link that identifies its holder."""
        return replace(self, user=user)

    def with_grant(self, patient_id: UUID, grant_id: UUID) -> Self:
        """The same caller with a new emergency grant."""
        return replace(self, grants={**self.grants, patient_id: grant_id})

    @property
    def network(self) -> str | None:
        """The network that rate limits count by; for IPv6 the /64, since one client may use all of it."""
        if self.address and ":" in self.address:
            return str(ipaddress.ip_network(f"{self.address}/64", strict=False))
        return self.address


SYSTEM = Actor()


def client_ip(request: HttpRequest | Request) -> str | None:
    """The client's address as seen by the outermost of settings.NUM_PROXIES proxies; None if it is not an address."""
    peer = request.META.get("REMOTE_ADDR", "")
    proxies = settings.NUM_PROXIES or 0
    forwarded = [part for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    if proxies and forwarded:
        return _address(forwarded[-min(proxies, len(forwarded))]) or _address(peer)
    return _address(peer)


def actor_of(request: HttpRequest | Request) -> Actor:
    """The actor of a request, from middleware or token; otherwise an anonymous one."""
    known: Actor | None = getattr(request, "actor", None)
    return known or anonymous(request)


def anonymous(request: HttpRequest | Request) -> Actor:
    """An anonymous actor, with address and user agent."""
    return Actor(
        address=client_ip(request),
        user_agent=request.headers.get("User-Agent", "")[:200],
        request_id=getattr(request, "request_id", ""),
    )


@lru_cache(1024)
def _address(text: str) -> str | None:
    try:
        address = ipaddress.ip_address(text.strip().partition("%")[0])
    except ValueError:
        return None
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped or address)
