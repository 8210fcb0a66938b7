"""A database cache with correct counters: `add` and `count` are one statement each, and live counters are never culled.

Django's own reads, adds and writes back, which loses most counts of parallel requests, and beyond 300 entries it
culls live ones. Values are stored as JSON.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import count
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.db import DatabaseCache
from django.db import connections, models, router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from therapybridge.core.backends.values import JsonValues

SWEEP_EVERY = 500  # writes per process between two purges of expired rows
FOREVER = datetime(9999, 12, 31, tzinfo=UTC)
MOMENT = models.DateTimeField()


class AtomicDatabaseCache(DatabaseCache):
    """For SQLite 3.35 and later and PostgreSQL; `createcachetable` creates the table."""

    _table: str
    _writes = count(1)

    def add(self, key: str, value: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Store unless a live value exists; returns whether it was stored."""
        row = self._row(key, value, timeout, version)
        return self._upsert([*row, self._moment(timezone.now())], f"WHERE {self._name}.expires < %s")

    def set(self, key: str, value: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        """Store, replacing any value."""
        self._upsert(self._row(key, value, timeout, version))

    def count(self, keys: Sequence[str], seconds: int) -> list[int]:
        """Count one use of each and return how many there were; a count ends `seconds` after its first."""
        rows = {key: self._row(key, 1, seconds, None) for key in keys}
        marks = ", ".join(["(%s, '1', %s)"] * len(rows))
        sql = (
            f"INSERT INTO {self._name} AS old (cache_key, value, expires) VALUES {marks}"  # noqa: S608
            " ON CONFLICT (cache_key) DO UPDATE SET"
            " value = CASE WHEN old.expires < %s THEN '1' ELSE CAST(CAST(old.value AS BIGINT) + 1 AS TEXT) END,"
            " expires = CASE WHEN old.expires < %s THEN excluded.expires ELSE old.expires END"
            " RETURNING cache_key, value"
        )
        given = [part for name, _, expires in rows.values() for part in (name, expires)]
        now = self._moment(timezone.now())
        with self._writer.cursor() as cursor:
            cursor.execute(sql, [*given, now, now])
            used = dict(cursor.fetchall())
            self._sweep(cursor)
        return [int(used[name]) for name, *_ in rows.values()]

    def uncount(self, key: str) -> None:
        """Take one use back."""
        sql = f"UPDATE {self._name} SET value = CAST(CAST(value AS BIGINT) - 1 AS TEXT) WHERE cache_key = %s"  # noqa: S608
        with self._writer.cursor() as cursor:
            cursor.execute(sql, [self.make_and_validate_key(key)])

    def get_many(self, keys: Iterable[str], version: int | None = None) -> dict[str, Any]:
        """The live values among `keys`."""
        names = {self.make_and_validate_key(key, version=version): key for key in keys}
        if not names:
            return {}
        marks = ", ".join(["%s"] * len(names))
        sql = f"SELECT cache_key, value FROM {self._name} WHERE cache_key IN ({marks}) AND expires >= %s"  # noqa: S608
        with connections[router.db_for_read(self.cache_model_class)].cursor() as cursor:
            cursor.execute(sql, [*names, self._moment(timezone.now())])
            return {names[name]: JsonValues.loads(value) for name, value in cursor.fetchall()}

    def _upsert(self, params: list[Any], guard: str = "") -> bool:
        sql = (
            f"INSERT INTO {self._name} (cache_key, value, expires) VALUES (%s, %s, %s)"  # noqa: S608
            f" ON CONFLICT (cache_key) DO UPDATE SET value = excluded.value, expires = excluded.expires {guard}"
        )
        with self._writer.cursor() as cursor:
            cursor.execute(sql, params)
            stored = bool(cursor.rowcount == 1)
            self._sweep(cursor)
        return stored

    def _sweep(self, cursor: CursorWrapper) -> None:
        if next(self._writes) % SWEEP_EVERY == 0:
            sweep = f"DELETE FROM {self._name} WHERE expires < %s"  # noqa: S608
            cursor.execute(sweep, [self._moment(timezone.now())])

    def _row(self, key: str, value: Any, timeout: float | None, version: int | None) -> list[Any]:
        at = self.get_backend_timeout(timeout)
        expires = FOREVER if at is None else datetime.fromtimestamp(at, tz=UTC)
        return [self.make_and_validate_key(key, version=version), JsonValues.dumps(value), self._moment(expires)]

    @property
    def _writer(self) -> BaseDatabaseWrapper:
        return connections[router.db_for_write(self.cache_model_class)]

    @property
    def _name(self) -> str:
        return self._writer.ops.quote_name(self._table)

    def _moment(self, moment: datetime) -> Any:
        # Whole seconds, as Django stores them: SQLite compares text, in which a fraction would sort before its absence.
        return MOMENT.get_db_prep_value(moment.replace(microsecond=0), self._writer)
