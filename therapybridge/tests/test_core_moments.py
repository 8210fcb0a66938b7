"""Moments of PostgreSQL are those that Django reads."""

from datetime import UTC

import psycopg
import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import BaseTzLoader
from psycopg.postgres import types
from psycopg.pq import Format

from therapybridge.core.backends.moments import MomentLoader

OID = types["timestamptz"].oid


class DjangosLoader(BaseTzLoader):
    timezone = UTC


@pytest.mark.parametrize(
    "text",
    [
        *("2026-11-30 21:36:05+00", "2026-11-30 21:36:05.1+00", "2026-11-30 21:36:05.123456+00"),
        *(
            "9999-12-31 00:00:00+00",
            "2026-11-30 23:36:05.5+02",
            "1850-01-01 00:53:28+00:53:28",
            "0001-01-01 00:00:00+00",
        ),
    ],
)
def test_the_same_moment(text):
    read, expected = (loader(OID).load(text.encode()) for loader in (MomentLoader, DjangosLoader))
    assert (read, read.tzinfo) == (expected, UTC)


@pytest.mark.parametrize("text", ["infinity", "-infinity", "10000-01-01 00:00:00+00", "0044-03-15 00:00:00+00 BC"])
def test_what_python_has_no_moment_for_is_refused_as_before(text):
    for loader in (MomentLoader, DjangosLoader):
        with pytest.raises(psycopg.DataError):
            loader(OID).load(text.encode())


@pytest.mark.django_db
def test_every_connection_reads_by_it():
    connection.ensure_connection()
    assert (
        connection.vendor != "postgresql" or connection.connection.adapters.get_loader(OID, Format.TEXT) is MomentLoader
    )
