"""Two transactions in a guaranteed order."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from django.conf import settings
from django.db import connection

from therapybridge.tests.deployment import until

# Not pg_stat_activity, which looks the same until the transaction ends.
WAITING_FOR_US = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"


def start_waiting(act: Callable[[], object]) -> "Future[object]":
    """Run `act` concurrently to the caller's transaction; returns once it waits for the caller's lock.

    SQLite says nothing of those who wait; there everyone waits for the whole of the other's transaction.
    """

    def run() -> object:
        try:
            return act()
        finally:
            connection.close()

    pool = ThreadPoolExecutor(1)
    second = pool.submit(run)
    pool.shutdown(wait=False)
    if not settings.IS_SQLITE:
        until(_waits, 10, "the second one waits")
    return second


def _waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(WAITING_FOR_US)
        return bool(cursor.fetchone()[0])
