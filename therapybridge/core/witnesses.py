"""Each event of the audit trail names those that its process committed before it and nobody has named yet.

So an event that somebody removes from the database before it is chained is missed all the same: a later one, which is
chained, names it. It takes no lock in the database and no query. What a process wrote last before it ended is named by
nobody.
"""

from collections.abc import Sequence
from itertools import islice
from threading import Lock
from uuid import UUID

MOST_NAMED = 50  # by one event
MOST_KEPT = 2_000
_unnamed: dict[UUID, None] = {}
_guard = Lock()


def unnamed() -> list[UUID]:
    """The committed events that no committed event names yet, the oldest first."""
    with _guard:
        return list(islice(_unnamed, MOST_NAMED))


def committed(event: UUID, named: Sequence[UUID]) -> None:
    """The event was committed, and with it the names of others."""
    with _guard:
        for one in named:
            _unnamed.pop(one, None)
        _unnamed[event] = None
        while len(_unnamed) > MOST_KEPT:
            del _unnamed[next(iter(_unnamed))]


def forget() -> None:
    """Name none of them, for another database."""
    with _guard:
        _unnamed.clear()
