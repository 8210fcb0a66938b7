"""Sending the request of a cell."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from therapybridge.tests.matrix.cells import COOKIE, Cell
from therapybridge.tests.matrix.credentials import Credentials
from therapybridge.tests.matrix.scenery import Scenery

SPOKEN = Path(__file__).parents[3] / "sessions_app/tests/data/spoken.flac"
FILES = {
    "transcript": lambda: SimpleUploadedFile("talk.txt", b"Therapist: Hello.\nPatient: Good morning to you."),
    "recording": lambda: SimpleUploadedFile("talk.flac", SPOKEN.read_bytes()),
    "record": lambda: SimpleUploadedFile("record.json", b"{}"),
}
PLACE = re.compile(r"<(?:\w+:)?(\w+)>")
# Differs from answer to answer without telling anything.
NOISE = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\b[0-9a-f]{8}\b|\b[0-9a-f]{32}\b|[A-Za-z0-9]{64}"
    r"|nonce-[\w-]+|(?<=/)\d+(?=/)"
)

NO_NUMBER = 2**31 - 1


@dataclass(frozen=True)
class Answer:
    """The response, as text."""

    status: int
    location: str
    headers: str
    body: str
    request_id: str = ""

    @property
    def masked(self) -> tuple[int, str, str]:
        """The text without row and request ids."""
        return self.status, NOISE.sub("…", self.location), NOISE.sub("…", self.body)


@dataclass(frozen=True)
class Request:
    """A request to send; `headers` in WSGI spelling."""

    path: str
    data: bytes
    kind: str
    headers: dict[str, Any]


class Asker:
    """Sends cells with the identities' credentials and the scenery's rows."""

    def __init__(self, scenery: Scenery, credentials: Credentials) -> None:
        self.scenery, self.credentials = scenery, credentials

    def ask(self, cell: Cell, *, of_nobody: bool = False) -> Answer:
        """The response; `of_nobody` replaces ids that the person must not see by non-existent ones."""
        response = self.send(cell, self.request_of(cell, cell.strange if of_nobody else set()))
        body = b"" if cell.method == "HEAD" else response.getvalue()
        headers = str({name: value for name, value in response.headers.items() if name != "X-Request-ID"})
        cookies = response.cookies.output()
        location = response.headers.get("Location", "")
        request_id = response.headers.get("X-Request-ID", "")
        return Answer(response.status_code, location, headers + cookies, body.decode(errors="replace"), request_id)

    def request_of(self, cell: Cell, strange: set[str]) -> Request:
        """The request of the cell."""
        data, kind = self._encoded(cell, strange)
        return Request(self._path(cell, strange), data, kind, self._headers(cell))

    def send(self, cell: Cell, request: Request) -> Any:
        """The response to the request, in a new browser."""
        client = self.credentials.client(cell.identity if cell.channel == COOKIE else "")
        return client.generic(cell.method, request.path, request.data, request.kind, **request.headers)

    def _path(self, cell: Cell, strange: set[str]) -> str:
        def filled(match: re.Match[str]) -> str:
            return str(self._value(cell.given[match.group(1)], strange))

        query = cell.entry.options.get("query")
        return "/" + PLACE.sub(filled, cell.entry.route) + (f"?{query}" if query else "")

    def _value(self, name: str, strange: set[str]) -> Any:
        if name.startswith("="):
            return name[1:]
        key = self.scenery.key(name)
        if name in strange:
            return NO_NUMBER if isinstance(key, int) else uuid4()
        return key

    def _headers(self, cell: Cell) -> dict[str, Any]:
        headers = {"HTTP_ACCEPT": "text/html"} if cell.entry.surface != "api" else {}
        for name, value in cell.entry.options.get("headers", {}).items():
            headers[f"HTTP_{name.upper().replace('-', '_')}"] = value
        if cell.channel == COOKIE and cell.kind != "forged":
            headers["HTTP_X_CSRFTOKEN"] = self.credentials.csrf
        if cell.channel != COOKIE and (bearer := self.credentials.bearers.get(cell.identity)):
            headers["HTTP_AUTHORIZATION"] = f"Bearer {bearer}"
        return headers

    def _encoded(self, cell: Cell, strange: set[str]) -> tuple[bytes, str]:
        if cell.method in {"GET", "HEAD"}:
            return b"", "application/octet-stream"
        body = self._resolved(cell.body or {}, strange)
        files = {name: FILES[kind]() for name, kind in cell.entry.options.get("files", {}).items()}
        if cell.entry.surface == "api" and not files:
            return json.dumps(body).encode(), "application/json"
        return encode_multipart(BOUNDARY, body | files), MULTIPART_CONTENT

    def _resolved(self, value: Any, strange: set[str]) -> Any:
        """Resolve names after a $ to rows of the scenery."""
        if isinstance(value, dict):
            return {name: self._resolved(one, strange) for name, one in value.items()}
        if isinstance(value, list):
            return [self._resolved(one, strange) for one in value]
        return str(self._value(value[1:], strange)) if isinstance(value, str) and value.startswith("$") else value
