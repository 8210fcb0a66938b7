"""Saving results of long work: on a connection that works, and once more after a short outage of the database."""

import time
from collections.abc import Callable
from typing import TypeVar

import structlog
from django.db import InterfaceError, OperationalError, connection

log = structlog.get_logger(__name__)
T = TypeVar("T")
PAUSES = (0.5, 1, 2, 4, 8, 8, 8)  # seconds: half a minute in all, longer than a restart takes


def drop_stale() -> None:
    """Close a connection that is older than it may be or has failed; the next query opens another one."""
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()


def patiently(work: Callable[[], T]) -> T:
    """Run `work`, a short transaction, on a fresh connection, again after pauses while the database does not answer.

    It has to tell by itself whether an earlier try came through: the answer to a commit can be lost.
    """
    for pause in PAUSES:
        drop_stale()
        try:
            return work()
        except (OperationalError, InterfaceError) as error:
            if connection.in_atomic_block:
                raise
            log.warning("database_asked_again", error=type(error).__name__)
            connection.close()
        time.sleep(pause)
    return work()
