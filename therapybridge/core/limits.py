"""Named rate limits (settings.LIMITS, "5/m") over django-ratelimit, and the client's address behind trusted proxies."""

import ipaddress
from collections.abc import Callable, Collection
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec

import structlog
from django.conf import settings
from django.core.cache.backends.locmem import LocMemCache
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponseBase
from django_ratelimit.core import _split_rate, get_usage
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from therapybridge.core.errors import RateLimited

if TYPE_CHECKING:
    # At run time this would close a circle: DRF's views load the authentication, which knows the limits.
    from rest_framework.views import APIView

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

log = structlog.get_logger(__name__)
# When the shared cache is down, each process counts for itself: requests answer, and guessing stays slow.
_own_counts = LocMemCache("therapybridge.limits", {"OPTIONS": {"MAX_ENTRIES": 100_000}})


def check(request: HttpRequest | Request, name: str, key: str) -> None:
    """Count one use of the limit `name` by `key`; RateLimited, with the seconds to wait, when there were too many."""
    try:
        usage = get_usage(request, group=name, key=lambda group, _: key, rate=settings.LIMITS[name], increment=True)
    except (RedisError, DatabaseError, OSError):
        log.warning("limit_counted_locally", limit=name)
        usage = _own_usage(name, key)
    if usage and usage["should_limit"]:
        wait = max(1, usage["time_left"])
        raise RateLimited(f"Too many requests. Try again in {wait} seconds.", retry_after=wait)


def _own_usage(name: str, key: str) -> dict[str, Any]:
    limit, period = _split_rate(settings.LIMITS[name])
    slot = f"{name}:{key}".encode().hex()
    _own_counts.add(slot, 0, period)
    return {"should_limit": _own_counts.incr(slot) > limit, "time_left": period}


def requester(request: HttpRequest | Request) -> str:
    """What a limit counts by: the signed-in user, else the address (IPv6 by its /64)."""
    return f"user:{request.user.pk}" if request.user.is_authenticated else f"ip:{client_network(request)}"


def client_network(request: HttpRequest | Request) -> str | None:
    """The address that a limit counts; of IPv6 the /64, all of which one client may use."""
    address = client_ip(request)
    return str(ipaddress.ip_network(f"{address}/64", strict=False)) if address and ":" in address else address


def client_ip(request: HttpRequest | Request) -> str | None:
    """The peer's address, or what the outermost of settings.NUM_PROXIES proxies saw; None if that is no address."""
    peer = request.META.get("REMOTE_ADDR", "")
    proxies = settings.NUM_PROXIES or 0
    forwarded = [part for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    if proxies and forwarded:
        return _address(forwarded[-min(proxies, len(forwarded))]) or _address(peer)
    return _address(peer)


def _address(text: str) -> str | None:
    try:
        address = ipaddress.ip_address(text.strip().partition("%")[0])
    except ValueError:
        return None
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped or address)


class ClinicThrottle(BaseThrottle):
    """Applies `read` or `write`; a view names others with `limits = {"<action or method>": "upload"}`."""

    def allow_request(self, request: Request, view: "APIView") -> bool:
        """Raises RateLimited itself, so that the answer is the same as everywhere."""
        named: dict[str, str] = getattr(view, "limits", {})
        action = getattr(view, "action", None) or (request.method or "").lower()
        default = "read" if request.method in SAFE_METHODS else "write"
        check(request, named.get(action, default), requester(request))
        return True


def limited(name: str, *, methods: Collection[str] = WRITES) -> Callable[[View[P]], View[P]]:
    """Decorator for HTML views: count the requests of `methods` under the limit `name`."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def limited_view(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if request.method in methods:
                check(request, name, requester(request))
            return view(request, *args, **kwargs)

        return limited_view

    return decorate
