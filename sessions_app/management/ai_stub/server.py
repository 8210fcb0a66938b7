"""A small OpenAI-compatible server on loopback: for tests, demonstrations and work without a key.

The model's name selects the behaviour: `stub-verbose`, `stub-text`, `stub-llm`, `stub-obedient`,
`stub-invents`, `stub-no-second-pass` (drafts, but fails when its statements are to be judged),
`stub-length-20` (too long above 20 lines), `stub-<fault>` (see replies.py) and
`stub-<fault>-once` (wrong the first time for the same content, then right).
"""

import hashlib
import json
import socket
import struct
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from sessions_app.management.ai_stub.chat import chat, prompt_text
from sessions_app.management.ai_stub.replies import Reply, as_json, error, fault
from sessions_app.management.ai_stub.speech import Line
from sessions_app.management.ai_stub.transcriptions import parse_form, transcription

AUDIO = "/v1/audio/transcriptions"
CHAT = "/v1/chat/completions"
MODELS = ("stub-verbose", "stub-text", "stub-llm", "stub-obedient", "stub-invents")
LONGEST_HANG = 600.0  # seconds
TRICKLE_SECONDS = 0.02


class Stub(ThreadingHTTPServer):
    """The server and its state; `truth` contains the lines of the recording it will receive."""

    daemon_threads = True

    def __init__(self, truth: Sequence[Line] = (), port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.truth = truth
        self.stopping = threading.Event()
        self._lock = threading.Lock()
        self._calls: list[dict[str, Any]] = []
        self._prompts: list[str] = []
        self._instructions: list[str] = []
        self._seen: set[tuple[str, str, str]] = set()
        self._broken = ""

    @property
    def base_url(self) -> str:
        """The value for OPENAI_BASE_URL."""
        return f"http://127.0.0.1:{self.server_port}/v1"

    def calls(self) -> list[dict[str, Any]]:
        """Each call so far: path, model, status (0: none sent), hash of the content, field names."""
        with self._lock:
            return list(self._calls)

    def prompts(self) -> list[str]:
        """The user messages of the chat calls so far."""
        with self._lock:
            return list(self._prompts)

    def instructions(self) -> list[str]:
        """The system messages of the chat calls so far."""
        with self._lock:
            return list(self._instructions)

    def reset(self) -> None:
        """Forget all calls, including those counted by `-once` faults."""
        with self._lock:
            self._calls.clear()
            self._prompts.clear()
            self._instructions.clear()
            self._seen.clear()

    def fail_with(self, kind: str) -> None:
        """Answer every call with this fault, whatever the model, until it is empty."""
        with self._lock:
            self._broken = kind

    def transcribe(self, fields: dict[str, bytes]) -> Reply:
        """Answer a transcription request."""
        model, content = fields["model"].decode(), fields["file"]
        reply = self._fault(AUDIO, model, content) or transcription(fields, self.truth)
        return self.noted(AUDIO, model, content, fields, reply)

    def answer(self, request: dict[str, Any]) -> Reply:
        """Answer a chat request."""
        model, content = str(request["model"]), json.dumps(request["messages"]).encode()
        with self._lock:
            self._prompts.append(prompt_text(request))
            self._instructions.append(prompt_text(request, "system"))
        reply = self._fault(CHAT, model, content) or chat(request)
        return self.noted(CHAT, model, content, request, reply)

    def _fault(self, path: str, model: str, content: bytes) -> Reply | None:
        if self._broken:
            return fault(self._broken, audio=path == AUDIO)
        kind = model.removeprefix("stub-").removesuffix("-once")
        found = fault(kind, audio=path == AUDIO) if model.startswith("stub-") else None
        if found and model.endswith("-once"):
            key = (path, model, _sha(content))
            with self._lock:
                found = None if key in self._seen else found
                self._seen.add(key)
        return found

    def noted(self, path: str, model: str, content: bytes, fields: dict[str, Any], reply: Reply) -> Reply:
        """Record a call."""
        call = {"path": path, "model": model, "status": reply.status, "sha": _sha(content), "fields": sorted(fields)}
        with self._lock:
            self._calls.append(call)
        return reply


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Stub

    def do_GET(self) -> None:
        if self.path == "/v1/models":
            self._send(as_json({"object": "list", "data": [{"id": name, "object": "model"} for name in MODELS]}))
        elif self.path == "/stub/calls":
            self._send(as_json(self.server.calls()))
        else:
            self._send(error(404, "No such page."))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        try:
            reply = self._answered(body)
        except (KeyError, ValueError, TypeError):
            reply = error(400, "The request cannot be read.", "invalid_request")
        self._send(reply)

    def _answered(self, body: bytes) -> Reply:
        if self.path == AUDIO:
            return self.server.transcribe(parse_form(body, self.headers.get("Content-Type", "")))
        if self.path == CHAT:
            return self.server.answer(json.loads(body))
        if self.path == "/stub/reset":
            self.server.reset()
            return as_json({})
        return self.server.noted(self.path, "", body, {}, error(404, "No such page."))

    def _send(self, reply: Reply) -> None:
        self.close_connection = True
        if reply.action == "hang":
            self.server.stopping.wait(LONGEST_HANG)
        elif reply.action == "reset":
            # With a linger time of zero, closing sends RST instead of FIN.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        else:
            self._write(reply)

    def _write(self, reply: Reply) -> None:
        self.send_response(HTTPStatus(reply.status))
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", reply.content_type)
        self.send_header("Connection", "close")
        if reply.action == "send":
            self.send_header("Content-Length", str(len(reply.body)))
        try:
            self.end_headers()
            self.wfile.write(reply.body)
            if reply.action == "trickle":
                self._trickle()
        except ConnectionError:
            self.log_message("the client went away")

    def _trickle(self) -> None:
        while not self.server.stopping.wait(TRICKLE_SECONDS):
            self.wfile.write(b" ")

    def log_message(self, format: str, *args: object) -> None:
        """Do not log requests."""


def load_truth(path: Path) -> list[Line]:
    """Parse a JSON list of {start, end, speaker, text}; times are in seconds of the recording."""
    rows = json.loads(path.read_text())
    return [Line(float(row["start"]), float(row["end"]), str(row["text"]), str(row["speaker"])) for row in rows]


@contextmanager
def running_stub(truth: Sequence[Line] | Path = ()) -> Iterator[Stub]:
    """Run a stub on a free port of 127.0.0.1 for the duration of the block."""
    stub = Stub(load_truth(truth) if isinstance(truth, Path) else truth)
    thread = threading.Thread(target=stub.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield stub
    finally:
        stub.stopping.set()
        stub.shutdown()
        thread.join()
        stub.server_close()


def _sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
