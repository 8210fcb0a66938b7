"""Health endpoints: /live (the process responds), /ready (it can work), /health (status of every component).

The responses contain no secrets; the endpoints are neither rate-limited nor audited.
"""

import os
import secrets
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import structlog
from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

log = structlog.get_logger(__name__)
Check = Callable[[], None]
NEEDED = frozenset({"database", "storage"})  # without broker or cache, requests still work and jobs wait


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
    parts = {name: _probe(name, check) for name, check in CHECKS.items()}
    return _report(parts, {"status": _status(parts), "parts": {**parts, "engine": _engine()}})


def _report(parts: dict[str, dict[str, Any]], body: dict[str, Any]) -> JsonResponse:
    return JsonResponse(body, status=503 if _status(parts) == "failed" else 200)


def _status(parts: dict[str, dict[str, Any]]) -> str:
    failed = {name for name, part in parts.items() if not part["ok"]}
    if failed & NEEDED:
        return "failed"
    return "degraded" if failed else "ok"


def _probe(name: str, check: Check) -> dict[str, Any]:
    started = time.perf_counter()
    try:
        check()
    except Exception:  # any exception of a driver means that its component does not work
        log.warning("part_failed", part=name, exc_info=True)
        ok = False
    else:
        ok = True
    return {"ok": ok, "ms": round((time.perf_counter() - started) * 1000, 1)}


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


def _engine() -> dict[str, Any]:
    """Which engine is configured; it is not called, since calls cost money."""
    hosted = bool(settings.TRANSCRIBE_BASE_URL or settings.TRANSCRIBE_API_KEY)
    return {"ok": True, "name": settings.TRANSCRIBE_MODEL if hosted else "builtin"}


CHECKS: dict[str, Check] = {"database": _database, "broker": _broker, "cache": _cache, "storage": _storage}
