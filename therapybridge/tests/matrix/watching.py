"""Detects writes: all statements are watched, and affected tables compared row by row."""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.models import Model

WRITE = re.compile(r'\s*(?:INSERT(?:\s+OR\s+\w+)?\s+INTO|UPDATE|DELETE\s+FROM)\s+"?(\w+)', re.IGNORECASE)
# What a mere request may touch: cookies, the trail, counters.
APART = re.compile(r"django_session|audit_\w+|auditlog_\w+|django_admin_log|cache|\w*celery\w*|django_migrations")
# Being used is not being changed.
MOVING = {"accounts_authsession": {"last_used_at", "expires_at", "updated_at"}}


class Watch:
    """Tables written to while watching, and the initial state of all tables."""

    def __init__(self) -> None:
        self.touched: set[str] = set()
        self.before = {name: _state(name) for name in connection.introspection.table_names()}

    @contextmanager
    def looking(self) -> Iterator[None]:
        """Watch the statements of one request."""
        self.touched = set()
        with connection.execute_wrapper(self._note):
            yield

    def _note(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if match := WRITE.match(sql):
            self.touched.add(match.group(1))
        return execute(sql, params, many, context)

    def wrote_to(self, model: type[Model]) -> bool:
        """Whether a statement wrote to the model's table."""
        return model._meta.db_table in self.touched

    def changed(self) -> set[str]:
        """Tables whose rows have changed."""
        own = {name for name in self.touched if not APART.fullmatch(name)}
        return {name for name in own if _state(name) != self.before.get(name)}


def _state(table: str) -> str:
    if APART.fullmatch(table):
        return ""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{table}"')
        kept = [n for n, column in enumerate(cursor.description) if column[0] not in MOVING.get(table, set())]
        rows = sorted(repr([row[n] for n in kept]) for row in cursor.fetchall())
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()
