"""The database's own refusal to change the trail, whatever the client. Used by migrations; every call may be repeated.

Retention is the only way to delete: `deletions_allowed` opens it for one transaction. Whoever can run any statement can
open it as well; what they remove then is missing in the chain.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

Execute = Callable[[str], Any]
# Table → the keys by which SQLite's INSERT OR REPLACE would throw a row away without any trigger of DELETE.
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
    """Let everything pass again."""
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
    """Within a transaction: DELETE passes for the time of the block, in this transaction only."""
    if not connection.in_atomic_block:
        raise RuntimeError("Retention needs a transaction.")
    is_postgresql = connection.vendor == "postgresql"
    setting = "SET LOCAL therapybridge.audit_retention = "
    with connection.cursor() as cursor:
        cursor.execute(f"{setting}'on'" if is_postgresql else "INSERT INTO audit_retention_pass (id) VALUES (1)")
        yield
        cursor.execute(f"{setting}'off'" if is_postgresql else "DELETE FROM audit_retention_pass")
