"""A client's connection: what it sends is read to its end first, as far as its address takes it and in good time."""

import socket
import time
from typing import Any

from django.conf import settings
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.task import WSGITask
from waitress.utilities import RequestEntityTooLarge

from therapybridge.core.http.bodies import DISK_FULL, REFUSAL, longest_body
from therapybridge.front.errors import PlainError

HEADER_SECONDS = 20  # for all lines before the body
SILENT_SECONDS = 30  # without a byte of a body, or without one read of an answer
IDLE_SECONDS = 60  # between two requests; longer than proxies keep an unused connection
LEAST_BYTES = 512  # a second, on average, once a body has been arriving for SILENT_SECONDS
OPENING = 64  # bytes of a request that are kept as they came: its method and where its path begins
LINGER_SECONDS = 10  # in which the rest of a refused body is thrown away, so that its sender reads why


class Request(HTTPRequestParser):
    """A request that is arriving. A body that is refused is not kept: the application answers without it."""

    body_rcv: Any

    def __init__(self, adj: Any) -> None:
        super().__init__(adj)
        self.began = time.time()
        self.longest = settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0  # what any address takes
        self.refusal = ""
        self._opening = b""

    @property
    def first_path(self) -> str:
        """What the first line names, also of a request that cannot be read; "" if that names nothing."""
        words = self._opening.lstrip().split(b"\r", 1)[0].split(b" ")
        return words[1].decode("latin-1") if len(words) > 1 else ""

    def parse_header(self, header_plus: bytes) -> None:
        """Know from the first lines on how long a body may become."""
        super().parse_header(header_plus)
        if self.chunked or self.content_length > self.longest:
            self.longest = longest_body(self.path, self.command)

    def received(self, data: bytes) -> int:
        """Take what has come; returns how much of it belongs to this request."""
        if len(self._opening) < OPENING:
            self._opening += data[:OPENING]
        try:
            consumed: int = super().received(data)
        except OSError as error:
            if error.errno not in DISK_FULL:
                raise
            return self._refuse("storage_full", len(data))
        too_long = max(self.content_length, self.body_bytes_received) > self.longest
        if self.body_rcv is not None and (too_long or isinstance(self.error, RequestEntityTooLarge)):
            return self._refuse("too_large", len(data))
        return consumed

    def _refuse(self, reason: str, consumed: int) -> int:
        self.refusal, self.error, self.completed, self.expect_continue = reason, None, True, False
        self.close()
        self.body_rcv = None
        self.headers["CONNECTION"] = "close"
        self.headers["CONTENT_LENGTH"] = "0"
        return consumed

    def is_overdue(self, now: float, last_activity: float) -> bool:
        """Whether its client is too slow: it is given up."""
        if not self.headers_finished:
            return now - self.began > HEADER_SECONDS
        took = now - self.began
        return now - last_activity > SILENT_SECONDS or (
            took > SILENT_SECONDS and self.body_bytes_received < took * LEAST_BYTES
        )


class _Task(WSGITask):
    def get_environment(self) -> dict[str, Any]:
        """The application answers a refused request, too: in the words of the page or of the API."""
        environ: dict[str, Any] = super().get_environment()
        if self.request.refusal:
            environ[REFUSAL] = self.request.refusal
        return environ


class Connection(HTTPChannel):
    """Ends when its client is too slow, and after a refused body not before its client could read why."""

    parser_class = Request
    task_class = _Task
    error_task_class = PlainError
    close_when_flushed: bool
    lingers_until = 0.0
    was_refused = False

    def is_busy(self) -> bool:
        """Whether a request is arriving, being answered, or its answer being read."""
        return bool(self.request or self.requests or self.total_outbufs_len)

    def is_overdue(self, now: float) -> bool:
        """Whether the client lets us wait for too long."""
        if self.lingers_until:
            return now > self.lingers_until
        if self.total_outbufs_len:
            return now - self.last_activity > SILENT_SECONDS
        if self.request is not None:
            return self.request.is_overdue(now, self.last_activity)
        return not self.requests and now - self.last_activity > IDLE_SECONDS

    def readable(self) -> bool:
        """What is left of a refused body is read, too."""
        return bool(self.lingers_until or super().readable())

    def handle_read(self) -> None:
        """Read what has come, and forget it if it belongs to a refused body."""
        if not self.lingers_until:
            super().handle_read()
        else:
            self.recv(self.adj.recv_bytes)

    def received(self, data: bytes) -> bool:
        """Remember that the rest of a body may still come."""
        taken: bool = super().received(data)
        self.was_refused = any(one.refusal for one in self.requests)
        return taken

    def handle_write(self) -> None:
        """Send what is left; after a refusal, end our side alone, for the client is still sending."""
        if self.will_close or not (self.close_when_flushed and self.was_refused):
            super().handle_write()
            return
        self._flush_exception(self._flush_some)
        if self.connected and not self.total_outbufs_len:
            self.close_when_flushed, self.lingers_until = False, time.time() + LINGER_SECONDS
            self.socket.shutdown(socket.SHUT_WR)
