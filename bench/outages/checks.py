"""Whether everything that was acknowledged is there, read from the database itself and by the API."""

import hashlib
import json
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import psycopg

from bench.outages.writer import FIELD, Told
from therapybridge.tests.deployment import Deployment

STORED = """
SELECT session.id::text, session.status, recording.path, recording.sha256
FROM sessions_app_therapysession session JOIN sessions_app_recording recording ON recording.session_id = session.id
WHERE session.id = ANY(%s)
"""
SIGNED_IN = "SELECT id::text FROM accounts_authsession WHERE revoked_at IS NULL AND ends_at > now()"


def stored(installed: Deployment, sessions: list[str]) -> list[tuple[str, str, str, str]]:
    """Of each session that is there: its key and status, and its recording's path and hash."""
    with psycopg.connect(installed.env["DATABASE_URL"]) as database:
        return database.execute(STORED, [sessions]).fetchall()


def processed(installed: Deployment, told: Told) -> int:
    """How many of the uploads that were acknowledged."""
    return sum(status == "processed" for _, status, _, _ in stored(installed, told.uploads))


def lost(installed: Deployment, told: Told, files: Path, note: str) -> Iterator[str]:
    """What was acknowledged and is not there, or not whole."""
    whole = {key for key, _, path, sha in stored(installed, told.uploads) if _hash(files / path) == sha}
    yield from (f"session {key}" for key in set(told.uploads) - whole)
    yield from (f"sign-in {key}" for key in set(map(_session, told.tokens)) - set(_signed_in(installed)))
    if told.plans:
        now = _plan(installed, note, told.tokens[-1])
        if _number(now) < _number(told.plans[-1]):  # a later one may have come in without an answer
            yield f"a note is at {now}, and {told.plans[-1]} was acknowledged"


def _session(token: str) -> str:
    """Of which session an access token is."""
    claims = token.split(".")[1]
    return str(UUID(json.loads(urlsafe_b64decode(claims + "=="))["sid"]))


def _signed_in(installed: Deployment) -> list[str]:
    with psycopg.connect(installed.env["DATABASE_URL"]) as database:
        return [key for (key,) in database.execute(SIGNED_IN)]


def _plan(installed: Deployment, note: str, token: str) -> str:
    address, signed = f"{installed.base}/api/v1/notes/{note}", {"Authorization": f"Bearer {token}"}
    fields: list[dict[str, Any]] = httpx.get(address, headers=signed, timeout=30).json()["fields"]
    return next(str(field["value"]) for field in fields if field["id"] == FIELD)


def _number(plan: str) -> int:
    return int(plan.rsplit(" ", 1)[-1])


def _hash(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.exists() else "missing"
