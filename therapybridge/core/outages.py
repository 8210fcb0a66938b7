"""What is away for a while and no defect: database, cache and room on the disk. It is answered with 503."""

from django.db import InterfaceError, OperationalError
from redis.exceptions import RedisError

from therapybridge.core.errors import DomainError, Unavailable
from therapybridge.core.http.bodies import DISK_FULL, storage_full

SOON = 5  # seconds
DEFECTS = frozenset({"SQLITE_ERROR"})  # SQLite says OperationalError to a table that is missing, too


def outage(exc: Exception) -> DomainError | None:
    """The answer to a request that met this; None for anything else."""
    if isinstance(exc, OSError) and exc.errno in DISK_FULL:
        return storage_full()
    if isinstance(exc, (OperationalError, InterfaceError)) and _sqlite_name(exc) not in DEFECTS:
        return Unavailable("The database is not available at the moment.", code="database_away", retry_after=SOON)
    if isinstance(exc, RedisError):
        return Unavailable("A part of the system is not available at the moment.", retry_after=SOON)
    return None


def _sqlite_name(exc: Exception) -> str:
    return str(getattr(exc.__cause__, "sqlite_errorname", ""))
