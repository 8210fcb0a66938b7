"""A complete installation for tests, with its own database, broker and files, and real processes that can be killed."""

import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import psycopg

from therapybridge.tests import postgres
from therapybridge.tests.databases import copy_migrated

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
# How gunicorn serves, as in the Procfile.
SERVED = ["--worker-class", "therapybridge.front.worker.BufferingWorker", "--preload", "--threads", "4"]
# Only settings that a deployment names itself may reach its processes. An empty one counts as unset, and the file .env
# does not replace it.
UNSET = dict.fromkeys(re.findall(r"^(?:# )?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE), "")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(condition: Callable[[], Any], seconds: float, what: str) -> Any:
    """Poll until `condition` is true; fail with `what` after `seconds`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.1)
    raise AssertionError(f"not within {seconds} s: {what}")


class Deployment:
    """Processes of one installation in `root`; on PostgreSQL and Redis if the suite runs on them."""

    def __init__(self, root: Path, **extra: str) -> None:
        self.root = root
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.clients: dict[str, httpx.Client] = {}
        self.web_port = free_port()
        self.redis_port = free_port()
        self.on_postgres = postgres.is_used()
        self.on_redis = os.environ.get("CELERY_BROKER_URL", "").startswith("redis")
        self.database = f"tb_{uuid4().hex}"
        self.env = os.environ | UNSET
        self.env |= {
            "VAR_DIR": str(root),
            "DJANGO_SETTINGS_MODULE": "therapybridge.settings",
            "DEMO_PASSWORD": "correct horse battery",
            "RATE_LIMITS": "upload=100000/h,read=100000/m,write=100000/m,sign_in=1000/m,email=1000/h",
            "JOB_LEASE_SECONDS": "3",
            "JOB_SWEEP_SECONDS": "1",
            "JOB_BACKOFF_SECONDS": "0.2",
            "RECONCILE_SECONDS": "2",
            "PYTHONWARNINGS": "default",
            # As in the Procfile: long recordings pass through in blocks, and freed blocks go back to the system.
            "MALLOC_ARENA_MAX": "1",
            "MALLOC_MMAP_THRESHOLD_": "131072",
            "MALLOC_TRIM_THRESHOLD_": "131072",
            **extra,
        }

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.web_port}"

    def prepare(self) -> None:
        """Make the database and start the broker."""
        if self.on_redis:
            self.env["CELERY_BROKER_URL"] = f"redis://127.0.0.1:{self.redis_port}/0"
            self.start_redis()
        if not self._make_database():
            self.manage("migrate", "--verbosity", "0")
            self.manage("createcachetable")

    def _make_database(self) -> bool:
        """Begin with a copy if there is one, since to migrate takes a quarter of a minute; whether there was one."""
        if not self.on_postgres:
            return copy_migrated(self.root / "db.sqlite3")
        self.env["DATABASE_URL"] = postgres.address(self.database)
        return postgres.create(self.database)

    def start_redis(self) -> None:
        command = ["redis-server", "--port", str(self.redis_port), "--bind", "127.0.0.1", "--save", ""]
        self.start("redis", [*command, "--dir", str(self.root)])
        until(lambda: self._accepts(self.redis_port), 10, "redis answers")

    @staticmethod
    def _accepts(port: int) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    def manage(self, *args: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *args], cwd=ROOT, env=self.env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def start(self, name: str, command: list[str], **extra: str) -> subprocess.Popen[bytes]:
        log = (self.root / f"{name}.log").open("ab")
        program = shutil.which(command[0], path=f"{BIN}:{os.environ['PATH']}") or command[0]
        process = subprocess.Popen(
            [program, *command[1:]],
            cwd=ROOT,
            env=self.env | extra,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        log.close()
        self.processes[name] = process
        return process

    def start_web(self, workers: int = 1) -> None:
        bind = f"127.0.0.1:{self.web_port}"
        options = ["--bind", bind, "--workers", str(workers), *SERVED]
        command = ["gunicorn", "--no-control-socket", "therapybridge.wsgi", *options]
        self.start("web", command, DATABASE_WAIT_SECONDS="0.8")
        until(self.is_live, 30, "the web server answers")

    def is_live(self) -> bool:
        """Whether the web server answers."""
        try:
            with urllib.request.urlopen(self.base + "/live", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def start_workers(self, app: str = "therapybridge", **extra: str) -> subprocess.Popen[bytes]:
        """Start the worker of sessions, with `app`, and if it is missing that of short tasks, with the timer."""
        if "control" not in self.processes:
            self._start_worker("control", "therapybridge", "--beat")
        return self._start_worker("work", app, **extra)

    def _start_worker(self, queue: str, app: str, *options: str, **extra: str) -> subprocess.Popen[bytes]:
        quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "warning"]
        names = ["--queues", queue, "--hostname", f"{queue}@%h", "--concurrency", "2"]
        return self.start(queue, ["celery", "--app", app, "worker", *names, *options, *quiet], **extra)

    def kill(self, name: str, how: signal.Signals = signal.SIGKILL) -> None:
        process = self.processes.pop(name, None)
        if process is None:
            return
        with suppress(ProcessLookupError):  # it may have ended by itself
            os.killpg(process.pid, how)
        process.wait(30)

    def stop(self) -> None:
        for client in self.clients.values():
            client.close()
        for name in list(self.processes):
            self.kill(name)
        if self.on_postgres:
            postgres.drop(self.database)

    def deadlocks(self) -> int:
        """The number counted by the database; stops web and workers first, so that it is final."""
        for name in ("web", "control", "work"):
            self.kill(name)
        if not self.on_postgres:
            return 0
        until(lambda: not self._statistic("numbackends"), 10, "no connection left")
        return self._statistic("deadlocks")

    def _statistic(self, column: str) -> int:
        query = f"SELECT {column} FROM pg_stat_database WHERE datname = %s"
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
            row = connection.execute(query, [self.database]).fetchone()  # type: ignore[call-overload]
            return int(row[0])

    @contextmanager
    def without_broker(self) -> Iterator[None]:
        """Kill Redis, or lock the embedded broker's file, for the duration of the block."""
        if self.on_redis:
            self.kill("redis")
            yield
            self.start_redis()
            return
        with sqlite3.connect(self.root / "broker.sqlite3", isolation_level=None, timeout=30) as broker:
            broker.execute("BEGIN EXCLUSIVE")
            yield
            broker.execute("ROLLBACK")

    def log(self, name: str) -> str:
        return (self.root / f"{name}.log").read_text(errors="replace")

    def client(self, email: str) -> httpx.Client:
        """An API client that signs in by password the first time and stays open until `stop`."""
        if email not in self.clients:
            client = self.clients[email] = httpx.Client(base_url=self.base + "/api/v1", timeout=60)
            answer = client.post("/auth/login", json={"email": email, "password": self.env["DEMO_PASSWORD"]})
            assert answer.status_code == 200, answer.text
            client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        return self.clients[email]


@contextmanager
def deployment(root: Path, **extra: str) -> Iterator[Deployment]:
    """A prepared deployment that leaves no process and no database behind."""
    root.mkdir(parents=True, exist_ok=True)
    installed = Deployment(root, **extra)
    try:
        installed.prepare()
        yield installed
    finally:
        installed.stop()
