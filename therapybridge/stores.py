"""How the database and the cache of the settings are talked to."""

from pathlib import Path
from typing import Any

from redis.backoff import NoBackoff
from redis.retry import Retry

from therapybridge.values import Values

# SQLite needs IMMEDIATE transactions for concurrent writes, and FULL to keep them through a power cut.
SQLITE_OPTIONS = {
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON",
}
CACHE_VERSION = 2  # of the form of values: none that was written before is read


def database(env: Values, folder: Path) -> dict[str, Any]:
    """What DATABASE_URL names; a file in `folder` if it is unset."""
    chosen = env.database("DATABASE_URL", f"sqlite:///{folder}/db.sqlite3")
    is_sqlite = "sqlite" in chosen["ENGINE"]
    if not is_sqlite:
        chosen["ENGINE"] = "therapybridge.core.backends.postgresql"
    chosen.setdefault("OPTIONS", {}).update(SQLITE_OPTIONS if is_sqlite else _postgres_options(env))
    return chosen | {"CONN_MAX_AGE": None if is_sqlite else 0}


def _postgres_options(env: Values) -> dict[str, Any]:
    return {
        "pool": {
            "min_size": 0,
            "max_size": env.count("DATABASE_POOL_SIZE", 6),
            "timeout": env.amount("DATABASE_WAIT_SECONDS", 10),
            # One try for each connection that is wanted. One that the pool goes on trying by itself, ever further
            # apart, would count as one that it has.
            "reconnect_timeout": 0,
        },
        "connect_timeout": 3,
        "server_side_binding": True,
        # How often a connection of the pool runs a query before it keeps the plan, for this connection alone.
        "prepare_threshold": 3,
    }


def cache(url: str) -> dict[str, Any]:
    """Redis at `url`, or a table of the database."""
    if not url:
        backend = "therapybridge.core.backends.cache.AtomicDatabaseCache"
        return {"BACKEND": backend, "LOCATION": "cache", "VERSION": CACHE_VERSION}
    return {
        "BACKEND": "therapybridge.core.backends.counting.CountingRedisCache",
        "LOCATION": url,
        "VERSION": CACHE_VERSION,
        "OPTIONS": {
            "serializer": "therapybridge.core.backends.values.JsonValues",
            # A request does without rather than wait.
            "socket_connect_timeout": 0.5,
            "socket_timeout": 1,
            "retry": Retry(NoBackoff(), 1),  # the server may have closed a connection that was not used for long
        },
    }
