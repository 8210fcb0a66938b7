"""What a piece of code asks the database, and how that answers."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

# Limits are counted elsewhere in production; what transactions are running is asked once in some seconds.
UNCOUNTED = ('"cache"', "pg_stat_activity")


def queries_of(act: Callable[[], Any]) -> list[str]:
    """The SQL that `act` runs, without what other requests are spared or pay for."""
    with CaptureQueriesContext(connection) as captured:
        act()
    return [query["sql"] for query in captured if not any(name in query["sql"] for name in UNCOUNTED)]


def plan_of(sql: str, tables: str) -> tuple[list[str], int]:
    """Scans of whole tables whose names begin with `tables`, and the blocks that the query reads (0 if unknown)."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
            return [row[3] for row in cursor.fetchall() if _is_whole_scan(row[3], tables)], 0
    plan = _executed(sql)
    scans = [node for node in map(_name, _nodes(plan)) if f"Seq Scan {tables}" in node]
    return scans, plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]


def most_loops(sql: str) -> int:
    """How often PostgreSQL runs the part of the plan that it runs most often; unlike its blocks, rows that are long
    gone do not change this much. 0 if unknown."""
    return max(node["Actual Loops"] for node in _nodes(_executed(sql))) if connection.vendor == "postgresql" else 0


def most_rows(sql: str) -> int:
    """How many rows PostgreSQL looks at in the part of the plan that looks at most, the ones it leaves out included;
    unlike blocks, it counts none that earlier tests left behind. 0 if unknown."""
    return max(map(_looked_at, _nodes(_executed(sql)))) if connection.vendor == "postgresql" else 0


def _looked_at(node: dict[str, Any]) -> int:
    each: int = sum(count for name, count in node.items() if name == "Actual Rows" or name.startswith("Rows Removed"))
    return each * node["Actual Loops"]


def _executed(sql: str) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}")
        found = cursor.fetchone()[0]
    (plan,) = json.loads(found) if isinstance(found, str) else found
    executed: dict[str, Any] = plan["Plan"]
    return executed


def analyze() -> None:
    """Tell the planner what the tables hold by now."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _is_whole_scan(step: str, tables: str) -> bool:
    return step.startswith(f"SCAN {tables}")


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", []):
        yield from _nodes(child)


def _name(node: dict[str, Any]) -> str:
    return f"{node['Node Type']} {node.get('Relation Name', '')}"


def forget_statistics() -> None:
    """Let PostgreSQL know as little of the rows as after a restore: it may have looked at those of earlier tests.

    For the transaction of the test; SQLite looks when it is told to.
    """
    if connection.vendor != "postgresql":
        return
    ours = "SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM pg_statistic WHERE starelid IN ({ours})")
        cursor.execute(f"UPDATE pg_class SET reltuples = -1, relpages = 0 WHERE reltuples >= 0 AND oid IN ({ours})")
