"""Database triggers that make the audit trail append-only for every client. Used by migrations; calls are idempotent.

Only retention may delete: `deletions_allowed` permits it within one transaction. Anyone who can run arbitrary SQL can
do the same, but the chain then shows what is missing.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

Execute = Callable[[str], Any]
# Table → unique keys with which SQLite's INSERT OR REPLACE could replace a row without firing a DELETE trigger.
GUARDED = {
    "audit_auditevent": ["id = NEW.id"],
    "audit_auditlink": ["event_id = NEW.event_id", "clinic_id = NEW.clinic_id AND position = NEW.position"],
    "audit_audittombstone": ["id = NEW.id", "clinic_id = NEW.clinic_id AND first = NEW.first"],
}
ABORT = "BEGIN SELECT RAISE(ABORT, 'The audit trail is append-only.'); END"
OPEN_TABLE = "CREATE TABLE IF NOT EXISTS audit_retention_pass (id integer PRIMARY KEY)"
FUNCTION = """
CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('therapybridge.audit_retention', true) = 'on' THEN RETURN OLD; END IF;
    RAISE EXCEPTION 'The audit trail is append-only.' USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def install(execute: Execute, vendor: str) -> None:
    """Refuse UPDATE, DELETE and TRUNCATE (or, on SQLite, REPLACE) on the tables of the trail."""
    remove(execute, vendor, function=False)
    execute(FUNCTION if vendor == "postgresql" else OPEN_TABLE)
    for table in GUARDED:
        for statement in _postgresql(table) if vendor == "postgresql" else _sqlite(table):
            execute(statement)


def remove(execute: Execute, vendor: str, *, function: bool = True) -> None:
    """Drop the triggers."""
    for table in GUARDED:
        for verb in ("update", "delete", "truncate", "replace"):
            where = f" ON {table}" if vendor == "postgresql" else ""
            execute(f"DROP TRIGGER IF EXISTS {table}_no_{verb}{where}")
    if function:
        gone = "FUNCTION IF EXISTS audit_refuse()" if vendor == "postgresql" else "TABLE IF EXISTS audit_retention_pass"
        execute(f"DROP {gone}")


def _postgresql(table: str) -> Iterator[str]:
    for verb, each in (("update", "ROW"), ("delete", "ROW"), ("truncate", "STATEMENT")):
        yield (
            f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table}"
            f" FOR EACH {each} EXECUTE FUNCTION audit_refuse()"
        )


def _sqlite(table: str) -> Iterator[str]:
    closed = "WHEN NOT EXISTS (SELECT 1 FROM audit_retention_pass)"
    taken = " OR ".join(f"EXISTS (SELECT 1 FROM {table} WHERE {key})" for key in GUARDED[table])  # noqa: S608
    yield f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {ABORT}"
    yield f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {closed} {ABORT}"
    yield f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {taken} {ABORT}"


@contextmanager
def deletions_allowed(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Allow DELETE inside the block, in the current transaction only."""
    if not connection.in_atomic_block:
        raise RuntimeError("Retention needs a transaction.")
    is_postgresql = connection.vendor == "postgresql"
    setting = "SET LOCAL therapybridge.audit_retention = "
    with connection.cursor() as cursor:
        cursor.execute(f"{setting}'on'" if is_postgresql else "INSERT INTO audit_retention_pass (id) VALUES (1)")
        yield
        cursor.execute(f"{setting}'off'" if is_postgresql else "DELETE FROM audit_retention_pass")
