"""Database triggers that refuse to remove risk reviews and their history. Used by migrations; calls are idempotent.

Those of the migration before refuse to change them, and DELETE on PostgreSQL; they have made `risk_refuse_update`.
"""

from collections.abc import Callable, Iterator
from typing import Any

Execute = Callable[[str], Any]
REVIEWS = "sessions_app_riskreview"
GUARDED = (REVIEWS, "sessions_app_riskreviewentry")
# REPLACE also removes the row that holds the one unresolved review of a session.
SAME_PLACE = (
    "session_id = NEW.session_id AND status IN ('open', 'acknowledged') AND NEW.status IN ('open', 'acknowledged')"
)
SAME_SOURCE = (
    "source_type = NEW.source_type AND source_id = NEW.source_id AND status IN ('open', 'acknowledged')"
    " AND NEW.status IN ('open', 'acknowledged')"
)
SOURCE = ("source_type", "source_id", "source_day")
ABORT = "BEGIN SELECT RAISE(ABORT, 'Risk reviews are kept.'); END"


def install(execute: Execute, vendor: str) -> None:
    """Refuse TRUNCATE; on SQLite DELETE, and the REPLACE that fires no trigger of DELETE."""
    remove(execute, vendor)
    for table in GUARDED:
        for statement in _postgresql(table) if vendor == "postgresql" else _sqlite(table):
            execute(statement)


def install_for_sources(execute: Execute, vendor: str) -> None:
    """Also keep what a review comes from if not from a session, and on SQLite the unresolved one of that source.

    Call it after `install`, once the columns are there.
    """
    differs = "IS DISTINCT FROM" if vendor == "postgresql" else "IS NOT"
    moved = " OR ".join(f"OLD.{name} {differs} NEW.{name}" for name in SOURCE)
    if vendor == "postgresql":
        execute(
            f"CREATE TRIGGER {REVIEWS}_no_move BEFORE UPDATE ON {REVIEWS} FOR EACH ROW WHEN ({moved})"
            " EXECUTE FUNCTION risk_refuse_update()"
        )
        return
    taken = f"EXISTS (SELECT 1 FROM {REVIEWS} WHERE {SAME_SOURCE})"  # noqa: S608 (names of ours)
    execute(f"CREATE TRIGGER {REVIEWS}_no_move BEFORE UPDATE ON {REVIEWS} WHEN {moved} {ABORT}")
    execute(f"CREATE TRIGGER {REVIEWS}_no_second BEFORE INSERT ON {REVIEWS} WHEN {taken} {ABORT}")


def remove(execute: Execute, vendor: str) -> None:
    """Drop the triggers."""
    for table in GUARDED:
        where = f" ON {table}" if vendor == "postgresql" else ""
        for verb in ("delete", "replace", "truncate", "move", "second"):
            execute(f"DROP TRIGGER IF EXISTS {table}_no_{verb}{where}")


def _postgresql(table: str) -> Iterator[str]:
    yield (
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION risk_refuse_update()"
    )


def _sqlite(table: str) -> Iterator[str]:
    same = f"id = NEW.id OR {SAME_PLACE}" if table == REVIEWS else "id = NEW.id"
    taken = f"EXISTS (SELECT 1 FROM {table} WHERE {same})"  # noqa: S608 (names of ours)
    yield f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {ABORT}"
    yield f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {taken} {ABORT}"
