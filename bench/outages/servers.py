"""Servers of the rehearsal's own: a PostgreSQL that can be stopped and killed, and a small disk that can be filled."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from therapybridge.tests.deployment import free_port

DISK = 256  # MB
CONFIGURATION = """
listen_addresses = '127.0.0.1'
max_connections = 100
shared_buffers = 64MB
"""


class Postgres:
    """A cluster in `folder`, as a user who is not root: PostgreSQL starts as no other."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.programs = Path(subprocess.check_output(["pg_config", "--bindir"], text=True).strip())
        folder.mkdir()
        if os.getuid() == 0:
            shutil.chown(folder, "postgres")
        self._run("initdb", "--auth=trust", "--username=postgres", "--no-sync")
        options = f"port = {self.port}\nunix_socket_directories = '{folder}'\n{CONFIGURATION}"
        (folder / "postgresql.auto.conf").write_text(options)

    @property
    def address(self) -> str:
        """For DATABASE_URL."""
        return f"postgres://postgres@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Start it; returns once it takes connections, after a crash once it has recovered."""
        self._run("pg_ctl", "start", "--wait", "--timeout=120", f"--log={self.folder}/log")

    def stop(self) -> None:
        """Stop it as for an update: transactions that run are rolled back."""
        self._run("pg_ctl", "stop", "--wait", "--mode=fast")

    def kill(self) -> None:
        """End all its processes at once, as a power cut would."""
        postmaster = psutil.Process(int((self.folder / "postmaster.pid").read_text().split()[0]))
        processes = [postmaster, *postmaster.children(recursive=True)]
        for process in processes:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(processes, timeout=10)

    def _run(self, program: str, *options: str) -> None:
        command = [str(self.programs / program), f"--pgdata={self.folder}", *options]
        as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.getuid() == 0 else []
        subprocess.run([*as_user, *command], check=True, cwd="/", stdout=subprocess.DEVNULL)


@contextmanager
def cluster(folder: Path) -> Iterator[Postgres]:
    """A running one that leaves nothing behind."""
    server = Postgres(folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()


class Disk:
    """A file system of `DISK` MB at `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder, self._ballast = folder, folder / "ballast"

    def fill(self) -> None:
        """Leave no room at all."""
        with self._ballast.open("wb") as file:
            free = shutil.disk_usage(self.folder).free
            os.posix_fallocate(file.fileno(), 0, free)

    def empty(self) -> None:
        """Give the room back."""
        self._ballast.unlink()


@contextmanager
def small_disk(folder: Path) -> Iterator[Disk]:
    """One in memory, which root alone may mount."""
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK}m", "tmpfs", str(folder)], check=True)
    try:
        yield Disk(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
