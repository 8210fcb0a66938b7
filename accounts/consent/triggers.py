"""Database triggers that keep the consent log for every client: beside UPDATE (migration 0015), nothing is taken out.

Used by migrations; calls are idempotent.
"""

from collections.abc import Callable, Iterator
from typing import Any

Execute = Callable[[str], Any]
TABLE = "accounts_consententry"
VERBS = ("delete", "truncate", "replace")
SENTENCE = "The consent log is append-only."
ABORT = f"BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
FUNCTION = f"""
CREATE OR REPLACE FUNCTION consent_refuse_loss() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{SENTENCE}' USING ERRCODE = 'integrity_constraint_violation'; END $$
"""


def install(execute: Execute, vendor: str) -> None:
    """Refuse DELETE and TRUNCATE or, on SQLite, the INSERT that replaces a row."""
    remove(execute, vendor)
    for statement in _postgresql() if vendor == "postgresql" else _sqlite():
        execute(statement)


def remove(execute: Execute, vendor: str) -> None:
    """Drop these triggers."""
    where = f" ON {TABLE}" if vendor == "postgresql" else ""
    for verb in VERBS:
        execute(f"DROP TRIGGER IF EXISTS consent_no_{verb}{where}")


def _postgresql() -> Iterator[str]:
    yield FUNCTION
    for verb, each in (("delete", "ROW"), ("truncate", "STATEMENT")):
        yield (
            f"CREATE TRIGGER consent_no_{verb} BEFORE {verb.upper()} ON {TABLE}"
            f" FOR EACH {each} EXECUTE FUNCTION consent_refuse_loss()"
        )


def _sqlite() -> Iterator[str]:
    taken = f"EXISTS (SELECT 1 FROM {TABLE} WHERE id = NEW.id)"  # noqa: S608
    yield f"CREATE TRIGGER consent_no_delete BEFORE DELETE ON {TABLE} {ABORT}"
    yield f"CREATE TRIGGER consent_no_replace BEFORE INSERT ON {TABLE} WHEN {taken} {ABORT}"
