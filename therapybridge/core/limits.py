"""Named rate limits (settings.LIMITS, "5/m"), based on django-ratelimit."""

from collections.abc import Callable, Collection
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, NoReturn, ParamSpec

import structlog
from django.conf import settings
from django.core.cache.backends.locmem import LocMemCache
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponseBase
from django_ratelimit.core import _split_rate, get_usage
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from therapybridge.core.actor import Actor, actor_of
from therapybridge.core.errors import RateLimited

if TYPE_CHECKING:
    # A circular import at run time: DRF's views load the authentication, which imports the limits.
    from rest_framework.views import APIView

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
OF_THE_CLINIC = frozenset({"read", "write"})
AT_SIGN_IN = frozenset({"sign_in_address", "sign_up", "refresh"})

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

log = structlog.get_logger(__name__)
# If the shared cache is down, each process counts by itself: requests still work, and guessing stays slow.
_own_counts = LocMemCache("therapybridge.limits", {"OPTIONS": {"MAX_ENTRIES": 100_000}})


def check(name: str, key: str) -> None:
    """Count one use of the limit `name` by `key`; RateLimited, with the seconds to wait, if there were too many."""
    usage = _usage(name, key, count=True)
    if usage and usage["should_limit"]:
        _refuse(usage)


def check_failures(name: str, key: str) -> None:
    """Raise RateLimited if `key` has failed as often as the limit `name` allows; does not count."""
    usage = _usage(name, key, count=False)
    if usage and usage["count"] >= usage["limit"]:
        _refuse(usage)


def count_failure(name: str, key: str) -> None:
    """Count one failure of `key` for `check_failures`."""
    _usage(name, key, count=True)


def _usage(name: str, key: str, *, count: bool) -> dict[str, Any] | None:
    rate = settings.LIMITS[name]
    try:
        # The library uses the request only for its own keys and methods.
        usage: dict[str, Any] | None = get_usage(None, group=name, key=lambda group, _: key, rate=rate, increment=count)
    except (RedisError, DatabaseError, OSError):
        log.warning("limit_counted_locally", limit=name)
        usage = _own_usage(name, key, int(count))
    return usage


def _own_usage(name: str, key: str, step: int) -> dict[str, Any]:
    limit, period = _split_rate(settings.LIMITS[name])
    slot = f"{name}:{key}".encode().hex()
    _own_counts.add(slot, 0, period)
    used = _own_counts.incr(slot, step)
    return {"count": used, "limit": limit, "should_limit": used > limit, "time_left": period}


def _refuse(usage: dict[str, Any]) -> NoReturn:
    wait = max(1, usage["time_left"])
    raise RateLimited(f"Too many requests. Try again in {wait} seconds.", retry_after=wait)


def key_of(by: Actor, name: str) -> str:
    """The key that the limit `name` counts by.

    Reads and writes count per clinic, so that one cannot slow down the others; other limits, and everything patients
    do, per person, so that they cannot block their clinic; without a person, and at sign-in, per address.
    """
    if name in AT_SIGN_IN:
        return f"ip:{by.network}"
    clinic = None if getattr(by.user, "is_patient", False) else getattr(by.user, "clinic_id", None)
    return f"clinic:{clinic}" if clinic and name in OF_THE_CLINIC else requester(by)


def requester(by: Actor) -> str:
    """The key of the signed-in user, else of the address (for IPv6, its /64)."""
    return f"user:{by.user.pk}" if by.user else f"ip:{by.network}"


class ClinicThrottle(BaseThrottle):
    """Applies the limit `read` or `write`; views name others with `limits = {"<action or method>": "upload"}`."""

    def allow_request(self, request: Request, view: "APIView") -> bool:
        """Raise RateLimited itself, so that the response is the same as everywhere."""
        named: dict[str, str] = getattr(view, "limits", {})
        action = getattr(view, "action", None) or (request.method or "").lower()
        default = "read" if request.method in SAFE_METHODS else "write"
        name = named.get(action, default)
        check(name, key_of(actor_of(request), name))
        return True


def limited(name: str, *, methods: Collection[str] = WRITES) -> Callable[[View[P]], View[P]]:
    """Decorator for HTML views: rate-limit `methods` by the limit `name`."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def limited_view(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if request.method in methods:
                check(name, key_of(actor_of(request), name))
            return view(request, *args, **kwargs)

        return limited_view

    return decorate
