"""Numbers for /metrics, beside what /health tells. Apps declare theirs when they are ready.

Every number is read when it is asked for, from the database and the disk, so that it does not matter which process
answers. No label names a clinic or a person.
"""

import platform
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.db import connection

from therapybridge.core.jobs import counted

Sample = tuple[Sequence[str], float]


@dataclass(frozen=True, slots=True)
class Gauge:
    """A number for each combination of the labels' values."""

    name: str
    about: str
    labels: Sequence[str]
    read: Callable[[], Iterable[Sample]]


_declared: list[Gauge] = []


def declare_gauge(name: str, about: str, labels: Sequence[str], read: Callable[[], Iterable[Sample]]) -> None:
    """Let /metrics tell a number of an app. It must not take longer as tables grow, and no label may name anybody."""
    _declared.append(Gauge(name, about, labels, read))


def gauges(parts: Mapping[str, Mapping[str, Any]]) -> list[Gauge]:
    """All of them; those of /health as it found its `parts`."""
    return [*_of_health(parts), *_OWN, *_declared]


def _of_health(parts: Mapping[str, Mapping[str, Any]]) -> list[Gauge]:
    ok = [([name], float(part["ok"])) for name, part in parts.items()]
    waits = [([name], part["waits_seconds"]) for name, part in parts.items() if "waits_seconds" in part]
    away = [([one[name] for name in AWAY], 1.0) for part in parts.values() for one in part.get("away", ())]
    return [
        Gauge("part_ok", OK, ["part"], lambda: ok),
        Gauge("waits_seconds", WAITS, ["part"], lambda: waits),
        Gauge("engine_away", "1 for each engine that is away or paused", AWAY, lambda: away),
    ]


OK = "Whether a part works, and nothing in it has been waiting for too long, as /health tells"
WAITS = "Seconds for which a job, an event to be sealed, an e-mail has waited, or timer and worker were not seen"
AWAY = ("engine", "state", "error_code")


def _jobs() -> Iterator[Sample]:
    return (([kind, state], number) for kind, state, number in counted())


def _storage() -> Iterator[Sample]:
    usage = shutil.disk_usage(Path(settings.STORAGE_DIR))
    yield ["free"], usage.free
    yield ["total"], usage.total


def _database() -> Iterator[Sample]:
    query = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
    if connection.vendor == "postgresql":
        query = "SELECT pg_database_size(current_database())"
    with connection.cursor() as cursor:
        cursor.execute(query)
        yield [], float(cursor.fetchone()[0])


def _info() -> Iterator[Sample]:
    yield [settings.REVISION, django.__version__, platform.python_version()], 1


JOBS = "Jobs that are due, running or to be run later, and those begun within a day that failed"
_OWN = [
    Gauge("info", "Always 1: which revision runs, on what", ["revision", "django", "python"], _info),
    Gauge("jobs", JOBS, ["kind", "state"], _jobs),
    Gauge("storage_bytes", "Room on the disk of STORAGE_URL", ["space"], _storage),
    Gauge("database_bytes", "Size of the database", [], _database),
]
