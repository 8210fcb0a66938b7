"""Copies of the database, and what is in its tables, for PostgreSQL and SQLite."""

import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol

import psycopg
from django.db import connection, connections
from psycopg import sql
from psycopg.conninfo import make_conninfo

from therapybridge.backups.manifest import Table, UnusableBackup

MODULUS = 1 << 256
READ_AT_ONCE = 2000  # rows


class Database(Protocol):
    """The database of the settings."""

    FILE: str

    def dump(self, folder: Path) -> dict[str, Table]:
        """Write a copy of this moment as `FILE`, whoever is writing; returns what is in it."""

    def load(self, folder: Path) -> None:
        """Fill the empty database from the copy."""

    def is_empty(self) -> bool:
        """Whether it has no table."""

    def tables(self) -> dict[str, Table]:
        """What is in each table now."""


def database() -> Database:
    """The one that this installation has."""
    return PostgreSQL() if connection.vendor == "postgresql" else SQLite()


class SQLite:
    """A file."""

    FILE = "database.sqlite3"

    def __init__(self) -> None:
        self._path = Path(str(connection.settings_dict["NAME"]))

    def dump(self, folder: Path) -> dict[str, Table]:
        """By SQLite's own copy, for which those who write wait."""
        copy = folder / self.FILE
        with closing(sqlite3.connect(self._path)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
            target.execute("PRAGMA journal_mode=DELETE")  # the copy is one file
        return _of_file(copy)

    def load(self, folder: Path) -> None:
        """The file takes the place of the empty one."""
        connections.close_all()
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = self._path.with_name(f".{self._path.name}.restored")
        shutil.copyfile(folder / self.FILE, draft)
        draft.chmod(0o600)
        for left in ("-wal", "-shm"):
            self._path.with_name(self._path.name + left).unlink(missing_ok=True)
        draft.replace(self._path)

    def is_empty(self) -> bool:
        """A missing file is empty, too."""
        return not self._path.exists() or not _of_file(self._path)

    def tables(self) -> dict[str, Table]:
        """Read from the file."""
        return _of_file(self._path)


def _of_file(path: Path) -> dict[str, Table]:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as file:
        names = file.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'"
        )
        return {
            name: _summed(repr(row).encode() for row in file.execute(f'SELECT * FROM "{name}"'))  # noqa: S608
            for (name,) in sorted(names.fetchall())
        }


class PostgreSQL:
    """A server, copied and filled by its own programs."""

    FILE = "database.dump"

    def __init__(self) -> None:
        given = connection.settings_dict
        named = {"host": "HOST", "port": "PORT", "user": "USER", "dbname": "NAME"}
        parts = {name: given[key] for name, key in named.items() if given[key]}
        self._password = str(given["PASSWORD"])
        self._address = make_conninfo(**parts, sslmode=given["OPTIONS"].get("sslmode"))

    def dump(self, folder: Path) -> dict[str, Table]:
        """pg_dump and we see the same snapshot."""
        with self._snapshot() as server:
            self._require_program("pg_dump", server.info.server_version)
            row = server.execute("SELECT pg_export_snapshot()").fetchone()
            options = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={row[0] if row else ''}"]
            self._run("pg_dump", *options, f"--file={folder / self.FILE}", f"--dbname={self._address}")
            return _of_server(server)

    def load(self, folder: Path) -> None:
        """All or nothing, and with fresh statistics: without them, lists are slow for the first minute."""
        with self._snapshot() as server:
            self._require_program("pg_restore", server.info.server_version)
        whole = ["--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges"]
        self._run("pg_restore", *whole, f"--dbname={self._address}", str(folder / self.FILE))
        with psycopg.connect(self._address, password=self._password or None, autocommit=True) as server:
            server.execute("ANALYZE")

    def is_empty(self) -> bool:
        """Apart from what every database has."""
        with self._snapshot() as server:
            return not _names(server)

    def tables(self) -> dict[str, Table]:
        """All of one moment."""
        with self._snapshot() as server:
            return _of_server(server)

    @contextmanager
    def _snapshot(self) -> Iterator[psycopg.Connection[Any]]:
        with psycopg.connect(self._address, password=self._password or None) as server:
            server.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            server.execute("SET TIME ZONE 'UTC'")
            server.execute("SET bytea_output = 'hex'")
            server.execute("SET DateStyle = 'ISO'")
            yield server

    def _require_program(self, name: str, server_version: int) -> None:
        if not shutil.which(name):
            raise UnusableBackup(f"{name} was not found: install the PostgreSQL client (Debian: postgresql-client).")
        version = int(re.search(r"\) (\d+)", _said_by(name, "--version"))[1])  # type: ignore[index]
        wanted = server_version // 10_000
        if version < wanted:
            raise UnusableBackup(f"{name} is of version {version}, the server of {wanted}: install a newer client.")

    def _run(self, name: str, *options: str) -> None:
        """The password travels in the environment: command lines can be read by everybody on the machine."""
        _said_by(name, *options, PGPASSWORD=self._password)


def _said_by(program: str, *options: str, **variables: str) -> str:
    done = subprocess.run(  # noqa: S603 (of PostgreSQL, with the operator's own settings)
        [program, *options], env=os.environ | variables, capture_output=True, text=True, check=False
    )
    if done.returncode:
        # Other lines may quote the values of a row.
        reason = next((line for line in done.stderr.splitlines() if "error:" in line), f"exit code {done.returncode}")
        raise UnusableBackup(f"{program} failed: {reason}")
    return done.stdout


def _names(server: psycopg.Connection[Any]) -> list[str]:
    found = server.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename")
    return [name for (name,) in found.fetchall()]


def _of_server(server: psycopg.Connection[Any]) -> dict[str, Table]:
    return {name: _summed(_rows(server, name)) for name in _names(server)}


def _rows(server: psycopg.Connection[Any], name: str) -> Iterator[bytes]:
    query = sql.SQL("SELECT told::text FROM {} AS told").format(sql.Identifier(name))
    with server.cursor(name="rows") as cursor:
        cursor.itersize = READ_AT_ONCE
        for (row,) in cursor.execute(query):
            yield row.encode()


def _summed(rows: Iterable[bytes]) -> Table:
    number = total = 0
    for row in rows:
        number += 1
        total += int.from_bytes(sha256(row).digest())
    return Table(number, f"{total % MODULUS:064x}")
