"""Named rate limits (settings.LIMITS, "5/m"): the windows of django-ratelimit, counted in one command of our caches."""

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, NoReturn, ParamSpec

import structlog
from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponseBase
from django_ratelimit.core import EXPIRATION_FUDGE, _get_window, _make_cache_key, _split_rate
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from therapybridge.core.actor import Actor, actor_of
from therapybridge.core.backends.counting import CountingLocMemCache
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
_own_counts = CountingLocMemCache("therapybridge.limits", {"OPTIONS": {"MAX_ENTRIES": 100_000}})
HEADERS = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")
IN_MINUTES = 120  # seconds from which on a wait is told in minutes


@dataclass(frozen=True, slots=True)
class Usage:
    """How often a limit was used in the current window, and how long that lasts."""

    count: int
    limit: int
    seconds_left: int

    @property
    def headers(self) -> dict[str, str]:
        """For clients that pace themselves: the limit, what is left of it, and the seconds until it starts anew."""
        left, seconds = max(0, self.limit - self.count), max(1, self.seconds_left)
        return dict(zip(HEADERS, map(str, (self.limit, left, seconds)), strict=True))


def check(name: str, key: str) -> Usage:
    """Count one use of the limit `name` by `key`; RateLimited, with the seconds to wait, if there were too many."""
    usage = _usage(name, key, count=True)
    if usage.count > usage.limit:
        _refuse(usage)
    return usage


def check_failures(name: str, key: str) -> None:
    """Raise RateLimited if `key` has failed as often as the limit `name` allows; does not count."""
    usage = _usage(name, key, count=False)
    if usage.count >= usage.limit:
        _refuse(usage)


def count_failure(name: str, key: str) -> None:
    """Count one failure of `key` for `check_failures`."""
    _usage(name, key, count=True)


def _usage(name: str, key: str, *, count: bool) -> Usage:
    rate = settings.LIMITS[name]
    limit, period = _split_rate(rate)
    ends = _get_window(key, period)
    slot = _make_cache_key(name, ends, rate, key, None)
    try:
        used = _used(cache, slot, period, count=count)
    except (RedisError, DatabaseError, OSError):
        log.warning("limit_counted_locally", limit=name)
        used = _used(_own_counts, slot, period, count=count)
    return Usage(used, limit, ends - int(time.time()))


def _used(counts: Any, slot: str, period: int, *, count: bool) -> int:
    used: int = counts.count(slot, period + EXPIRATION_FUDGE) if count else counts.get(slot, 0)
    return used


def _refuse(usage: Usage) -> NoReturn:
    wait = max(1, usage.seconds_left)
    raise RateLimited(f"Too many requests. Try again in {_in_words(wait)}.", retry_after=wait, headers=usage.headers)


def _in_words(seconds: int) -> str:
    """A number that people can picture; never less than the wait."""
    if seconds < IN_MINUTES:
        return f"{seconds} second{'s' if seconds != 1 else ''}"
    return f"{-(-seconds // 60)} minutes"


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
        view.limit_usage = check(name, key_of(actor_of(request), name))  # type: ignore[attr-defined]
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
