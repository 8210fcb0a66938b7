"""What no answer of ours can undercut: a bare WSGI answer, and a timeline page without a framework.

gunicorn's threads serve both. The page has a token, one statement that reads 20 events if the person
may see the patient, and one that adds the audit row; it has no limits, log, filters or errors.
"""

import os
import threading
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs

import jwt
import orjson
import psycopg
from psycopg.rows import dict_row

KEY = "a key for measurements, of thirty-two bytes and more"
PAGE = """
SELECT event.id, event.event_type, event.event_subtype, event.event_date, event.title, event.description,
    event.importance, event.is_private
FROM timeline_timelineevent AS event
WHERE event.patient_id = %(patient)s AND event.deleted_at IS NULL AND EXISTS (
    SELECT 1 FROM accounts_user AS person JOIN accounts_therapistpatient AS care ON care.therapist_id = person.id
    WHERE person.id = %(person)s AND person.is_active AND care.patient_id = %(patient)s AND care.is_active
)
ORDER BY event.event_date DESC, event.id DESC LIMIT 20
"""
AUDIT = """
INSERT INTO audit_auditevent (
    id, created_at, actor_id, action, target_type, patient_id, ids, outcome, reason, request_id, user_agent, changed
) VALUES (gen_random_uuid(), now(), %s, 'timeline.read', '', %s, %s, 'ok', '', '', '', '[]')
"""
HEADERS = [("Content-Type", "application/json")]
_held = threading.local()

Start = Callable[[str, list[tuple[str, str]]], Any]


def bare(environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
    """Nothing but an answer."""
    start_response("200 OK", HEADERS)
    return [b"{}"]


def token(person: str) -> str:
    """A token of the person, for `page`."""
    return jwt.encode({"sub": person}, KEY, algorithm="HS256")


def page(environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
    """The page of the `patient` in the query string, for the person of the token."""
    person = jwt.decode(environ["HTTP_AUTHORIZATION"].removeprefix("Bearer "), KEY, algorithms=["HS256"])["sub"]
    (patient,) = parse_qs(environ["QUERY_STRING"])["patient"]
    connection = _connection()
    rows = connection.execute(PAGE, {"patient": patient, "person": person}, prepare=True).fetchall()
    ids = orjson.dumps([row["id"] for row in rows]).decode()
    connection.execute(AUDIT, [person, patient, ids], prepare=True)
    start_response("200 OK", HEADERS)
    return [orjson.dumps({"results": rows})]


def _connection() -> psycopg.Connection[dict[str, Any]]:
    if not hasattr(_held, "connection"):
        _held.connection = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True, row_factory=dict_row)
    connection: psycopg.Connection[dict[str, Any]] = _held.connection
    return connection
