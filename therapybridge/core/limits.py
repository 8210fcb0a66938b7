"""Named rate limits (settings.LIMITS, "5/m"): the windows of django-ratelimit, counted in one command of our caches."""

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
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
from therapybridge.core.pauses import Pause

if TYPE_CHECKING:
    # A circular import at run time: DRF's views load the authentication, which imports the limits.
    from rest_framework.views import APIView

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
SHARED = frozenset({"read", "write"})  # by the staff of a clinic, up to CEILING times what one person may
CEILING = 20
IF_ACCEPTED = frozenset({"upload"})  # counted by the service that takes it; the request itself is a write
AT_SIGN_IN = frozenset({"sign_in_address", "sign_up"})

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

log = structlog.get_logger(__name__)
# If the shared cache is down, each process counts by itself: requests still work, and guessing stays slow.
_own_counts = CountingLocMemCache("therapybridge.limits", {"OPTIONS": {"MAX_ENTRIES": 100_000}})
cache_pause = Pause(5)
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
    (usage,) = _counted(name, [key])
    if usage.count > usage.limit:
        _refuse(usage)
    return usage


def check_for(name: str, by: Actor) -> Usage:
    """Count one use by this person, else this address; RateLimited if they had too many, or all staff of the clinic.

    A patient's requests do not count for the clinic, nor does what is refused: nobody can use up what others share.
    """
    if name in IF_ACCEPTED:
        check_left(name, key_of(by, name))
        name = "write"
    key, clinic = key_of(by, name), _clinic_of(by) if name in SHARED else ""
    if not clinic:
        return check(name, key)
    own, shared = _counted(name, [key, clinic])
    if own.count > own.limit:
        _uncount(name, clinic)
        _refuse(own)
    if shared.count > shared.limit * CEILING:
        _refuse(replace(shared, limit=shared.limit * CEILING))
    return own


def check_left(name: str, key: str) -> None:
    """Raise RateLimited if `count_one` was called as often as the limit `name` allows `key`; does not count."""
    slot, window = _slot(name, key)
    usage = replace(window, count=_asked(lambda counts: counts.get(slot, 0), name))
    if usage.count >= usage.limit:
        _refuse(usage)


def count_one(name: str, key: str) -> None:
    """Count one for `check_left`: a failure, or something that was accepted."""
    _counted(name, [key])


def _counted(name: str, keys: Sequence[str]) -> list[Usage]:
    """Count one use by each of the keys, in one command."""
    slots, windows = zip(*(_slot(name, key) for key in keys), strict=True)
    _, period = _split_rate(settings.LIMITS[name])
    used: list[int] = _asked(lambda counts: counts.count(slots, period + EXPIRATION_FUDGE), name)
    return [replace(window, count=number) for window, number in zip(windows, used, strict=True)]


def _uncount(name: str, key: str) -> None:
    slot, _ = _slot(name, key)
    _asked(lambda counts: counts.uncount(slot), name)


def _slot(name: str, key: str) -> tuple[str, Usage]:
    """Where the current window of the key is counted, and the window itself, of which no use is known yet."""
    rate = settings.LIMITS[name]
    limit, period = _split_rate(rate)
    ends = _get_window(key, period)
    return _make_cache_key(name, ends, rate, key, None), Usage(0, limit, ends - int(time.time()))


def _asked(ask: Callable[[Any], Any], name: str) -> Any:
    if not cache_pause.may_try():
        return ask(_own_counts)
    try:
        answer = ask(cache)
    except (RedisError, DatabaseError, OSError):
        log.warning("limit_counted_locally", limit=name)
        cache_pause.failed()
        return ask(_own_counts)
    cache_pause.worked()
    return answer


def _refuse(usage: Usage) -> NoReturn:
    wait = max(1, usage.seconds_left)
    raise RateLimited(f"Too many requests. Try again in {_in_words(wait)}.", retry_after=wait, headers=usage.headers)


def _in_words(seconds: int) -> str:
    """A number that people can picture; never less than the wait."""
    if seconds < IN_MINUTES:
        return f"{seconds} second{'s' if seconds != 1 else ''}"
    return f"{-(-seconds // 60)} minutes"


def key_of(by: Actor, name: str) -> str:
    """The key that the limit `name` counts by: the person's; without one, and at sign-in, that of the address."""
    return f"ip:{by.network}" if name in AT_SIGN_IN else requester(by)


def _clinic_of(by: Actor) -> str:
    """The key that the staff of a clinic share; empty for patients and without a clinic."""
    if getattr(by.user, "is_patient", False):
        return ""
    clinic = getattr(by.user, "clinic_id", None)
    return f"clinic:{clinic}" if clinic else ""


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
        view.limit_usage = check_for(name, actor_of(request))  # type: ignore[attr-defined]
        return True


def limited(name: str, *, methods: Collection[str] = WRITES) -> Callable[[View[P]], View[P]]:
    """Decorator for HTML views: rate-limit `methods` by the limit `name`."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def limited_view(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if request.method in methods:
                check_for(name, actor_of(request))
            return view(request, *args, **kwargs)

        return limited_view

    return decorate
