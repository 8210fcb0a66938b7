"""What no answer of ours can undercut: a bare WSGI answer, and a timeline page read by one prepared statement.

gunicorn serves both as it serves the product. Neither asks who is there nor writes an audit row.
"""

import os
import threading
from collections.abc import Callable, Iterable
from typing import Any

import orjson
import psycopg
from psycopg.rows import dict_row

PAGE = """
SELECT id, event_type, event_subtype, event_date, title, description, importance, is_private
FROM timeline_timelineevent WHERE patient_id = %s AND deleted_at IS NULL
ORDER BY event_date DESC, id DESC LIMIT 20
"""
HEADERS = [("Content-Type", "application/json")]
_held = threading.local()

Start = Callable[[str, list[tuple[str, str]]], Any]


def bare(environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
    """Nothing but an answer."""
    start_response("200 OK", HEADERS)
    return [b"{}"]


def page(environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
    """The page of the patient whose key is the query string."""
    rows = _connection().execute(PAGE, [environ["QUERY_STRING"]], prepare=True).fetchall()
    start_response("200 OK", HEADERS)
    return [orjson.dumps({"results": rows})]


def _connection() -> psycopg.Connection[dict[str, Any]]:
    if not hasattr(_held, "connection"):
        _held.connection = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True, row_factory=dict_row)
    connection: psycopg.Connection[dict[str, Any]] = _held.connection
    return connection
