"""What has changed since: `updated_since` of lists that clients keep a copy of, and what to ask with next."""

from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from django.db import connection
from django.db.models import DateTimeField, F
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

SINCE = "updated_since"
# A row is stamped before it can be read. On PostgreSQL, running transactions are asked for (below), so that this has to
# cover only clocks that differ, and the moment between the stamp and the statement. On SQLite, one transaction at a
# time writes, and others give up after 20 seconds (SQLITE_OPTIONS): what holds it for longer is a failure to all.
MARGIN = timedelta(minutes=1)
# Nothing limits how long a transaction may last: an import of a large record takes what it takes. Columns of other
# roles' transactions are hidden; all processes of an installation share one.
OLDEST = (
    "SELECT min(xact_start) FROM pg_stat_activity"
    " WHERE datname = current_database() AND backend_xid IS NOT NULL AND pid <> pg_backend_pid()"
)
KEPT_FOR = 5.0  # seconds; an earlier moment is as true, and spares most pages the question
_kept: list[tuple[float, datetime]] = []


def settled_until() -> datetime:
    """Whoever reads from now on finds every change that was stamped before this moment: it is committed or undone.

    Ask before you read.
    """
    if not (_kept and monotonic() - _kept[0][0] < KEPT_FOR):
        _kept[:] = [(monotonic(), min(timezone.now(), _oldest_running()) - MARGIN)]
    return _kept[0][1]


def forget_settled() -> None:
    """Ask anew, for tests with transactions of their own."""
    _kept.clear()


def _oldest_running() -> datetime:
    """When the oldest transaction that has written began; now, if there is none."""
    if connection.vendor != "postgresql":
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(OLDEST)
        oldest: datetime | None = cursor.fetchone()[0]
    return oldest or timezone.now()


def tells_changes(view: Any) -> bool:
    """Whether its list can be asked for what has changed since."""
    return SINCE in getattr(getattr(view, "filterset_class", None), "base_filters", {})


def latest_of(*parts: str) -> Greatest:
    """The `updated_at` of rows that also show what is in these other rows, each one or none."""
    own = F("updated_at")
    others = (Coalesce(F(f"{part}__updated_at"), own) for part in parts)
    return Greatest(own, *others, output_field=DateTimeField())
