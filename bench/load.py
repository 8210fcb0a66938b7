"""Ask one path over and over, from several connections, and measure who worked how long for the answers."""

import http.client
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import psutil
import psycopg

WARM_UP = 30  # requests in all, at least two of each connection
AFTERWARDS = 2  # requests of each connection, with which the database tells what it read before
HEAD = f"{'':48}{'rps':>7}{'p50':>8}{'p95':>8}{'app':>8}{'db':>7}{'blocks':>8}   CPU and times in ms a request"
CONNECTIONS = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
BLOCKS = "SELECT blks_hit + blks_read FROM pg_stat_database WHERE datname = current_database()"


@dataclass
class Figures:
    """Of one path: seconds each answer took, and what a request cost (milliseconds of CPU, blocks of the database)."""

    times: list[float] = field(default_factory=list)
    seconds: float = 0
    app_ms: float = 0
    database_ms: float = 0
    blocks: float = 0

    @property
    def cpu(self) -> float:
        """Milliseconds of CPU a request took in all."""
        return self.app_ms + self.database_ms

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.times) / self.seconds

    def at(self, share: float) -> float:
        """The time, in ms, within which this share of the answers came."""
        return sorted(self.times)[int(len(self.times) * share)] * 1000

    def line(self, name: str) -> str:
        """A line below HEAD."""
        return (
            f"{name:48}{self.rate:7.0f}{self.at(0.5):8.1f}{self.at(0.95):8.1f}{self.app_ms:8.2f}{self.database_ms:7.2f}"
            f"{self.blocks:8.0f}"
        )


class Load:
    """Clients of one server, whose processes are watched, and its database, if that is PostgreSQL."""

    def __init__(self, port: int, server: int, database: str) -> None:
        self.port, self.server, self.database = port, psutil.Process(server), database

    def ask(self, path: str, headers: Mapping[str, str], *, connections: int, requests: int) -> Figures:
        """So many requests in all; AssertionError unless all are answered with 200."""
        self._run(path, headers, connections, max(2, WARM_UP // connections))
        figures = Figures()
        before = self._used()
        began = time.perf_counter()
        figures.times = self._run(path, headers, connections, requests // connections)
        figures.seconds = time.perf_counter() - began
        more = 0
        if self.database:
            time.sleep(1.1)  # a connection reports its blocks at most once a second, and when it is used
            more = len(self._run(path, headers, connections, AFTERWARDS))
        each = len(figures.times) + more
        used = [(now - then) / each for now, then in zip(self._used(), before, strict=True)]
        figures.app_ms, figures.database_ms, figures.blocks = used[0] * 1000, used[1] * 1000, used[2]
        return figures

    def _run(self, path: str, headers: Mapping[str, str], connections: int, each: int) -> list[float]:
        times: list[float] = []
        failed: list[str] = []

        def one() -> None:
            client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            for _ in range(each):
                began = time.perf_counter()
                client.request("GET", path, headers=dict(headers))
                answer = client.getresponse()
                body = answer.read()
                times.append(time.perf_counter() - began)
                if answer.status != 200:
                    failed.append(f"{answer.status} {body[:300]!r}")
                    return
            client.close()

        threads = [threading.Thread(target=one) for _ in range(connections)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not failed, failed[0]
        return times

    def _used(self) -> tuple[float, float, float]:
        """Seconds of CPU of the server and of the database's connections, and blocks the database has read."""
        server = sum(_seconds(process) for process in [self.server, *self.server.children(recursive=True)])
        if not self.database:
            return server, 0, 0
        with psycopg.connect(self.database, autocommit=True) as database:
            pids = database.execute(CONNECTIONS).fetchall()
            (blocks,) = database.execute(BLOCKS).fetchone() or (0,)
        return server, sum(_seconds(psutil.Process(pid)) for (pid,) in pids if psutil.pid_exists(pid)), float(blocks)


def _seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)
