"""The program that draws PDF, kept ready for the next document."""

import atexit
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Lock
from typing import TypeVar

from exports.builders.limits import TooMuchToDraw, go_on
from therapybridge.core.errors import DomainError

PROGRAM = Path(__file__).with_name("pdf_page.py")
# What fonts and their cache are found by. No key and no address of a database is among them.
PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "XDG_CACHE_HOME", "XDG_DATA_DIRS", "FONTCONFIG_FILE")
CHECKED_EVERY = 0.5  # seconds between looks at whether the document is still waited for
MOST_AT_ONCE = 65_536  # bytes of an answer
# By the limits of the program on itself; libraries that get no more memory crash, each in its way.
TOO_MUCH = (-signal.SIGXCPU, -signal.SIGKILL, -signal.SIGTRAP, -signal.SIGABRT, -signal.SIGSEGV)

T = TypeVar("T")

# Whoever draws may end before everything is read.
ENDED_EARLY = contextlib.suppress(BrokenPipeError, ConnectionResetError)


class DrawingFailed(DomainError):
    """The program that draws documents ended without one."""

    code = "drawing_failed"
    status = 500
    title = "The document could not be drawn"
    retriable = True


@dataclass(frozen=True, slots=True)
class Drawn:
    """A document, and the seconds of the processor and kilobytes of memory that drawing it took."""

    pdf: bytes
    seconds: float
    kilobytes: int


class Program:
    """The program, running."""

    def __init__(self) -> None:
        self.owner = os.getpid()
        self.socket, theirs = socket.socketpair()
        self.socket.settimeout(CHECKED_EVERY)
        with theirs:
            # What it prints may quote a document.
            self.process = subprocess.Popen(  # noqa: S603 (our own program)
                [sys.executable, "-I", str(PROGRAM)],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={name: os.environ[name] for name in PASSED_ON if name in os.environ},
                start_new_session=True,
            )

    @property
    def is_ready(self) -> bool:
        """Whether it runs, and was started by this process and not by the one that this was forked from."""
        return self.owner == os.getpid() and self.process.poll() is None

    def draw(self, html: bytes) -> tuple[bytes, str]:
        """What it answered, and the line on how that ended: empty if the program itself has ended."""
        ours, theirs = socket.socketpair()
        ours.settimeout(CHECKED_EVERY)
        drawn, told = b"", b""
        with ours:
            with ENDED_EARLY:
                with theirs:
                    socket.send_fds(self.socket, [b"1"], [theirs.fileno()])
                _send(ours, html)
                ours.shutdown(socket.SHUT_WR)
                drawn = _received(ours)
            with ENDED_EARLY:
                told = _received(self.socket, end=b"\n")
        return drawn, told.decode()

    def end(self) -> int:
        """Stop it with what it is drawing; the code with which it ended."""
        self.socket.close()
        if self.is_ready:
            os.killpg(self.process.pid, signal.SIGKILL)
        return self.process.wait()


def _send(peer: socket.socket, content: bytes) -> None:
    left = memoryview(content)
    while left:
        left = left[_patiently(partial(peer.send, left)) :]


def _received(peer: socket.socket, end: bytes | None = None) -> bytes:
    """What comes until the peer closes or, with an `end`, until that."""
    parts = []
    while part := _patiently(partial(peer.recv, MOST_AT_ONCE)):
        parts.append(part)
        if end and part.endswith(end):
            break
    return b"".join(parts)


def _patiently(act: Callable[[], T]) -> T:
    """The result of an act of a socket, which begins anew after each timeout while the document is waited for."""
    while True:
        go_on()
        with contextlib.suppress(TimeoutError):
            return act()


class Keeper:
    """Starts the program when there is something to draw, and again when it has ended, as it does after idle times."""

    def __init__(self) -> None:
        self.program: Program | None = None
        self.turn = Lock()
        atexit.register(self.end)

    def draw(self, html: bytes) -> Drawn:
        """The document as PDF; DrawingFailed or TooMuchToDraw, and nothing is drawn on when nobody waits any more."""
        with self.turn:
            return self._drawn_by_kept(html) or self._drawn_by_new(html)

    def end(self) -> int:
        """Stop the program if it is ours; the code with which it ended."""
        program, self.program = self.program, None
        return program.end() if program and program.owner == os.getpid() else 0

    def _drawn_by_kept(self, html: bytes) -> Drawn | None:
        return self._drawn_by(self.program, html) if self.program and self.program.is_ready else None

    def _drawn_by_new(self, html: bytes) -> Drawn:
        self.end()
        self.program = Program()
        drawn = self._drawn_by(self.program, html)
        if drawn is None:
            raise DrawingFailed(f"The program that draws documents ended with {self.end()}.")
        return drawn

    def _drawn_by(self, program: Program, html: bytes) -> Drawn | None:
        """None if the program ended before it could answer."""
        try:
            answer, told = program.draw(html)
        except BaseException:
            # Nobody waits for it, and what it still says of it would be taken for what it says of the next document.
            self.end()
            raise
        if not told:
            return None
        ended = json.loads(told)
        reason = answer.decode(errors="replace") if ended["code"] else ""
        if ended["code"] in TOO_MUCH or reason == MemoryError.__name__:
            raise TooMuchToDraw
        if ended["code"]:
            raise DrawingFailed(
                f"The document could not be drawn ({reason if reason.isidentifier() else ended['code']})."
            )
        return Drawn(answer, ended["seconds"], ended["kilobytes"])


KEEPER = Keeper()
