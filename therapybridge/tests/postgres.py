"""The databases of tests on PostgreSQL: copies of one that is migrated once in a run, which takes half a minute."""

import os
import subprocess
import sys
from typing import Any

import psycopg
from psycopg import sql

from therapybridge.tests.migrated import ROOT, name_of_migrated

# Processes of a run wait here for the one that migrates.
LOCK = 7_230_411


def is_used() -> bool:
    """Whether the suite runs on PostgreSQL."""
    return os.environ.get("DATABASE_URL", "").startswith("postgres")


def address(name: str) -> str:
    """The address of a database of the server."""
    return os.environ["DATABASE_URL"].rsplit("/", 1)[0] + "/" + name


def create_empty(name: str) -> None:
    """Create a database without a table."""
    with _server() as server:
        _run(server, "CREATE DATABASE {}", name)


def create(name: str) -> bool:
    """Create a database; returns whether it is migrated, as a copy of the one that the run has made."""
    with _server() as server:
        is_copy = _exists(server, name_of_migrated())
        source = name_of_migrated() if is_copy else "template1"
        _run(server, "CREATE DATABASE {} TEMPLATE {}", name, source)
        # No test stops the server: what a crash of it would lose is of no interest.
        _run(server, "ALTER DATABASE {} SET synchronous_commit = off", name)
    return is_copy


def keep_commits(name: str) -> None:
    """Let a crash of the server lose nothing of this database, as in service."""
    with _server() as server:
        _run(server, "ALTER DATABASE {} RESET synchronous_commit", name)


def drop(name: str) -> None:
    """Drop a database, whoever is still connected."""
    with _server() as server:
        _run(server, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def prepare_template() -> None:
    """Migrate the database that others are copied from, unless another process of the run has done so."""
    name, part = name_of_migrated(), f"{name_of_migrated()}_part"
    with _server() as server:
        server.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        if _exists(server, name):
            return
        _run(server, "DROP DATABASE IF EXISTS {} WITH (FORCE)", part)
        _run(server, "CREATE DATABASE {}", part)
        for command in ("migrate", "createcachetable"):
            program = [sys.executable, "manage.py", command, "--verbosity", "0"]
            # The cache's table, too: an installation of a test may have no Redis for it.
            chosen = {"DATABASE_URL": address(part), "CACHE_URL": ""}
            subprocess.run(program, cwd=ROOT, env=os.environ | chosen, check=True)
        _run(server, "ALTER DATABASE {} RENAME TO {}", part, name)


def drop_template() -> None:
    """Leave nothing behind on the server."""
    drop(name_of_migrated())


def _server() -> psycopg.Connection[Any]:
    return psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)


def _exists(server: psycopg.Connection[Any], name: str) -> bool:
    return server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def _run(server: psycopg.Connection[Any], statement: Any, *names: str) -> None:
    server.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
