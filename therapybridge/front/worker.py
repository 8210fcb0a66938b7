"""gunicorn's processes with waitress's connections: `--worker-class therapybridge.front.worker.BufferingWorker`.

gunicorn starts, watches and replaces the processes. In each, the loop of waitress reads requests to their end before a
thread takes them, and keeps what a client has not read yet: any number of slow clients holds no thread.
"""

import logging
import os
import resource
import socket
import tempfile
import time

from django.conf import settings
from gunicorn.workers.base import Worker
from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.server import TcpWSGIServer, UnixWSGIServer
from waitress.task import ThreadedTaskDispatcher

from therapybridge.front.connections import Connection

CONNECTIONS = 2000  # of a process; a slow one costs some kB
FILES = 3 * CONNECTIONS + 200  # a connection has at most two files of what arrives and leaves
IN_MEMORY = 128 * 1024  # bytes of a body that is arriving or leaving; a longer one lies in a file without a name
SENT_TOGETHER = 4096  # bytes: the lines of an answer wait for its body
TURN = 1  # second
ADJUSTMENTS = {
    "connection_limit": CONNECTIONS,
    "inbuf_overflow": IN_MEMORY,
    "outbuf_overflow": IN_MEMORY,
    "max_request_header_size": 32 * 1024,
    "recv_bytes": 64 * 1024,
    "cleanup_interval": 2,
    "clear_untrusted_proxy_headers": False,  # Django reads as many of them as NUM_PROXIES says
    "log_socket_errors": False,  # a client that goes away is no error
    "ident": None,
}


class _TcpServer(TcpWSGIServer):
    channel_class = Connection

    def maintenance(self, now: float) -> None:
        """Close the connections of clients that are too slow."""
        for connection in self.active_channels.values():
            if connection.is_overdue(now):
                connection.will_close = True


class _UnixServer(UnixWSGIServer):
    channel_class = Connection
    maintenance = _TcpServer.maintenance


class BufferingWorker(Worker):
    """One process: its main thread reads and writes, `--threads` others run the application."""

    def run(self) -> None:
        """Serve until told to stop, then end what has begun, within `--graceful-timeout`."""
        _allow_files(FILES)
        tempfile.tempdir = settings.FILE_UPLOAD_TEMP_DIR  # where private files may lie, and no other folder
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # it warns whenever all threads are busy
        threads = ThreadedTaskDispatcher()
        threads.set_thread_count(self.cfg.threads)
        self.connections: dict[int, wasyncore.dispatcher] = {}
        servers = [self._server(one.sock, threads) for one in self.sockets]
        while self.alive and self.ppid == os.getppid():
            self._turn()
        for server in servers:
            server.accepting = False
        end = time.monotonic() + self.cfg.graceful_timeout
        self._turn()  # what has already come is taken
        while self._is_busy() and time.monotonic() < end:
            self._turn()
        threads.shutdown(timeout=TURN)

    def _server(self, listener: socket.socket, threads: ThreadedTaskDispatcher) -> TcpWSGIServer | UnixWSGIServer:
        kind = _UnixServer if listener.family == socket.AF_UNIX else _TcpServer
        name = (listener.family, listener.type, listener.proto, listener.getsockname())
        adjustments = Adjustments(sockets=[listener], backlog=self.cfg.backlog, **ADJUSTMENTS)
        adjustments.send_bytes = SENT_TOGETHER
        return kind(self.wsgi, self.connections, True, listener, threads, adjustments, sockinfo=name, bind_socket=False)

    def _turn(self) -> None:
        self.notify()
        wasyncore.loop(timeout=TURN, use_poll=True, map=self.connections, count=1)

    def _is_busy(self) -> bool:
        return any(one.is_busy() for one in self.connections.values() if isinstance(one, Connection))


def _allow_files(number: int) -> None:
    """Raise the number of files that the process may have open, as far as the system lets it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = number if hard == resource.RLIM_INFINITY else min(number, hard)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
