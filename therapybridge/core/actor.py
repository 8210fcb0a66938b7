"""Who acts, and how they came: what services and the audit trail know of a request, a task or a command."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from rest_framework.request import Request


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, or the system when `user` is None; made by the middleware, by the task base class, by commands.

    `grants` maps patients to the emergency access that opens their record to the person now.
    """

    user: Any = None
    auth_session: Any = None
    address: str | None = None
    user_agent: str = ""
    request_id: str = ""
    grants: Mapping[UUID, UUID] = field(default_factory=dict)

    def acting_as(self, user: Any) -> Self:
        """The same caller, known as `user` from now on: a sign-in, a link that proves who follows it."""
        return replace(self, user=user)

    def with_grant(self, patient_id: UUID, grant_id: UUID) -> Self:
        """The same caller, to whom an emergency has just opened a record."""
        return replace(self, grants={**self.grants, patient_id: grant_id})

    @property
    def network(self) -> str | None:
        """The address that a limit counts; of IPv6 the /64, all of which one client may use."""
        if self.address and ":" in self.address:
            return str(ipaddress.ip_network(f"{self.address}/64", strict=False))
        return self.address


SYSTEM = Actor()


def client_ip(request: HttpRequest | Request) -> str | None:
    """The peer's address, or what the outermost of settings.NUM_PROXIES proxies saw; None if that is no address."""
    peer = request.META.get("REMOTE_ADDR", "")
    proxies = settings.NUM_PROXIES or 0
    forwarded = [part for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    if proxies and forwarded:
        return _address(forwarded[-min(proxies, len(forwarded))]) or _address(peer)
    return _address(peer)


def actor_of(request: HttpRequest | Request) -> Actor:
    """Who asks, as the middleware or the token said; without either, whoever is at that address."""
    known: Actor | None = getattr(request, "actor", None)
    return known or anonymous(request)


def anonymous(request: HttpRequest | Request) -> Actor:
    """Somebody at an address, with a program that calls itself something."""
    return Actor(
        address=client_ip(request),
        user_agent=request.headers.get("User-Agent", "")[:200],
        request_id=getattr(request, "request_id", ""),
    )


def _address(text: str) -> str | None:
    try:
        address = ipaddress.ip_address(text.strip().partition("%")[0])
    except ValueError:
        return None
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped or address)
