"""Health endpoints: /live (the process responds), /ready (it can work), /health (status of every component).

The responses contain no secrets; the endpoints are neither rate-limited nor audited, so a probe is kept for a moment.
"""

import os
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import structlog
from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from therapybridge.core.jobs import oldest_due
from therapybridge.core.reconnecting import drop_stale

log = structlog.get_logger(__name__)
Check = Callable[[], None]
NEEDED = frozenset({"database", "storage"})  # without all others, requests still work and jobs wait
KEPT_SECONDS = 1.0
PULSE, WORKER_PULSE = "health.pulse", "health.worker-pulse"
PULSE_SECONDS = 30  # between two pulses
LONGEST = 7 * 24 * 3600  # seconds for which the last pulse is remembered


@dataclass(frozen=True, slots=True)
class Watched:
    """Since when something waits in the background (None: it does not), and how long it may."""

    since: Callable[[], datetime | None]
    most: timedelta


_watched: dict[str, Watched] = {}
_states: dict[str, Callable[[], Mapping[str, Any]]] = {}
_kept: dict[str, tuple[float, dict[str, Any]]] = {}


def declare_watched(name: str, since: Callable[[], datetime | None], most: timedelta) -> None:
    """Let /health tell how long something of an app has been waiting."""
    _watched[name] = Watched(since, most)


def declare_part(name: str, describe: Callable[[], Mapping[str, Any]]) -> None:
    """Let /health tell of a part of an app, by `ok` and what else is to be known about it."""
    _states[name] = describe


def forget() -> None:
    """Probe everything anew, for tests that break something."""
    _kept.clear()


def beat() -> None:
    """Note that the timer sent a task and the worker of short tasks ran it."""
    cache.set(PULSE, timezone.now().isoformat(), LONGEST)


def beat_from_worker() -> None:
    """Note that the worker of sessions is alive, which also its processes being busy does not hide."""
    try:
        cache.set(WORKER_PULSE, timezone.now().isoformat(), LONGEST)
    except Exception:  # the driver's: the worker goes on, and /health tells that it was not seen
        log.warning("pulse_failed", exc_info=True)
    finally:
        drop_stale()


@require_safe
def live(request: HttpRequest) -> JsonResponse:
    """Always 200."""
    return JsonResponse({"status": "ok"})


@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """200 if the required components work, else 503."""
    parts = {name: _probe(name, check) for name, check in CHECKS.items() if name in NEEDED}
    return _report(parts, {"status": _status(parts)})


@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """Every component with ok and milliseconds; 503 if a required one fails, `degraded` if another does."""
    parts = examined()
    return _report(parts, {"status": _status(parts), "parts": parts})


def examined() -> dict[str, dict[str, Any]]:
    """Every component, and everything that may wait in the background."""
    probed = {name: _probe(name, check) for name, check in CHECKS.items()}
    waiting = {name: _waiting(name, one) for name, one in {**_OWN, **_watched}.items()}
    return probed | waiting | {name: _described(name, describe) for name, describe in _states.items()}


def _report(parts: dict[str, dict[str, Any]], body: dict[str, Any]) -> JsonResponse:
    return JsonResponse(body, status=503 if _status(parts) == "failed" else 200)


def _status(parts: dict[str, dict[str, Any]]) -> str:
    failed = {name for name, part in parts.items() if not part["ok"]}
    if failed & NEEDED:
        return "failed"
    return "degraded" if failed else "ok"


def _probe(name: str, check: Check) -> dict[str, Any]:
    return _for_a_moment(name, lambda: _asked(name, check)[0])


def _waiting(name: str, watched: Watched) -> dict[str, Any]:
    """With `waits_seconds` (0 if nothing waits), unless it cannot be told."""

    def ask() -> dict[str, Any]:
        part, since = _asked(name, watched.since)
        if not part["ok"]:
            return part
        waits = max(0.0, (timezone.now() - since).total_seconds()) if since else 0.0
        return part | {"ok": waits <= watched.most.total_seconds(), "waits_seconds": round(waits)}

    return _for_a_moment(name, ask)


def _described(name: str, describe: Callable[[], Mapping[str, Any]]) -> dict[str, Any]:
    def ask() -> dict[str, Any]:
        part, told = _asked(name, describe)
        return {**part, **(told or {})}

    return _for_a_moment(name, ask)


def _for_a_moment(name: str, ask: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What was found a moment ago, so that nobody can keep disk and database busy by asking."""
    kept = _kept.get(name)
    if kept is None or time.monotonic() - kept[0] > KEPT_SECONDS:
        kept = _kept[name] = (time.monotonic(), ask())
    return kept[1]


def _asked(name: str, ask: Callable[[], Any]) -> tuple[dict[str, Any], Any]:
    """Whether it could be asked, in how many milliseconds, and the answer."""
    started, answer = time.perf_counter(), None
    try:
        answer = ask()
    except Exception:  # any exception of a driver means that its component does not work
        log.warning("part_failed", part=name, exc_info=True)
        ok = False
    else:
        ok = True
    return {"ok": ok, "ms": round((time.perf_counter() - started) * 1000, 1)}, answer


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()


def _broker() -> None:
    with current_app.connection_for_write() as broker:
        broker.ensure_connection(max_retries=1, timeout=2, interval_start=0, interval_step=0)


def _cache() -> None:
    key = f"health:{secrets.token_hex(8)}"
    cache.set(key, 1, timeout=10)
    if cache.get(key) != 1:
        raise OSError("The cache did not return the stored value.")
    cache.delete(key)


def _storage() -> None:
    folder = Path(settings.STORAGE_DIR)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    probe = folder / f".health-{secrets.token_hex(8)}"
    try:
        with os.fdopen(os.open(probe, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(b"probe")
            file.flush()
            os.fsync(file.fileno())
    finally:
        probe.unlink(missing_ok=True)


CHECKS: dict[str, Check] = {"database": _database, "broker": _broker, "cache": _cache, "storage": _storage}


def _last_pulse(key: str) -> datetime:
    """When it was last seen; LookupError if that is not known."""
    found: str | None = cache.get(key)
    if not found:
        raise LookupError("It has not been seen.")
    return datetime.fromisoformat(found)


_OWN = {
    "background": Watched(partial(_last_pulse, PULSE), timedelta(seconds=4 * PULSE_SECONDS)),
    "work": Watched(partial(_last_pulse, WORKER_PULSE), timedelta(seconds=4 * PULSE_SECONDS)),
    "jobs": Watched(oldest_due, timedelta(minutes=15)),
}
