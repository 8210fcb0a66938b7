"""While a server is away, a request is told so at once, and works again as soon as the server is back."""

import errno
import sqlite3
import time
from urllib.parse import urlsplit

import httpx
import pytest
from django.db import InterfaceError, OperationalError
from redis.exceptions import ConnectionError as RedisConnectionError

from therapybridge.core.outages import outage
from therapybridge.core.pauses import Pause
from therapybridge.tests import postgres
from therapybridge.tests.deployment import Deployment, deployment, until
from therapybridge.tests.relays import Relay

PEOPLE = """
from accounts.tests.factories import *
therapist = TherapistFactory(email="therapist@demo.example")
therapist.set_password("correct horse battery")
therapist.save()
"""


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (OperationalError("server closed the connection unexpectedly"), "database_away"),
        (InterfaceError("connection already closed"), "database_away"),
        (OSError(errno.ENOSPC, "No space left on device"), "storage_full"),
        (RedisConnectionError("refused"), "unavailable"),
    ],
)
def test_what_is_away_is_said_with_a_time_to_try_again(error, code):
    told = outage(error)
    assert (told.status, told.code, told.retriable) == (503, code, True)
    assert told.retry_after


@pytest.mark.parametrize("error", [OSError(errno.EACCES, "Permission denied"), ValueError("x"), KeyError("x")])
def test_a_defect_is_no_outage(error):
    assert outage(error) is None


def error_of(statement, database):
    with pytest.raises(sqlite3.OperationalError) as raised:
        database.execute(statement)
    wrapped = OperationalError(str(raised.value))
    wrapped.__cause__ = raised.value
    return wrapped


def test_sqlite_is_away_when_it_is_locked_and_not_when_a_table_is_missing(tmp_path):
    first, second = (sqlite3.connect(tmp_path / "a.sqlite3", isolation_level=None, timeout=0) for _ in range(2))
    first.execute("BEGIN EXCLUSIVE")
    assert outage(error_of("BEGIN IMMEDIATE", second)).code == "database_away"
    first.execute("ROLLBACK")
    assert outage(error_of("SELECT * FROM nothing", second)) is None
    first.close()
    second.close()


def test_after_a_failure_one_at_a_time_tries(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    pause = Pause(1)
    assert [pause.may_try(), pause.may_try()] == [True, True]
    pause.failed()
    assert not pause.may_try()
    now[0] += 1
    assert [pause.may_try(), pause.may_try()] == [True, False]
    pause.worked()
    assert [pause.may_try(), pause.may_try()] == [True, True]


def asked(site: Deployment, path: str, **headers: str) -> tuple[httpx.Response, float]:
    began = time.monotonic()
    return httpx.get(site.base + path, headers=headers, timeout=30), time.monotonic() - began


if postgres.is_used():

    @pytest.fixture
    def cut_off(tmp_path):
        """An installation whose database is reached by a relay."""
        named = urlsplit(postgres.address(""))
        relay = Relay((named.hostname, named.port or 5432))
        with deployment(tmp_path) as installed:
            installed.manage("shell", "-v0", "-c", PEOPLE)
            address = urlsplit(installed.env["DATABASE_URL"])
            host = address.netloc.replace(f":{address.port or 5432}", "") + f":{relay.port}"
            installed.env["DATABASE_URL"] = address._replace(netloc=host).geturl()
            installed.start_web()
            yield installed, relay
        relay.cut()

    @pytest.mark.processes
    def test_without_its_database_the_site_says_so_at_once_and_then_works_again(cut_off):
        site, relay = cut_off
        token = site.client("therapist@demo.example").headers["Authorization"]
        assert asked(site, "/api/v1/patients", Authorization=token)[0].status_code == 200
        relay.cut()
        for path in ("/api/v1/patients", "/sign-in", "/ready"):
            answer, took = asked(site, path, Authorization=token)
            assert answer.status_code == 503, (path, answer.text)
            assert took < 3, path  # 0.8 on a machine that is not busy
            if path != "/ready":
                assert answer.headers["Retry-After"]
        assert asked(site, "/live")[0].status_code == 200
        relay.mend()
        until(lambda: asked(site, "/ready")[0].status_code == 200, 10, "the database is used again")
        statuses = [asked(site, "/api/v1/patients", Authorization=token)[0].status_code for _ in range(20)]
        assert statuses == [200] * 20

    @pytest.mark.processes
    def test_connections_that_the_server_has_ended_are_not_used(cut_off):
        """As after a restart of the server between two requests."""
        site, relay = cut_off
        token = site.client("therapist@demo.example").headers["Authorization"]
        for _ in range(4):
            assert asked(site, "/api/v1/patients", Authorization=token)[0].status_code == 200
        relay.cut()
        relay.mend()
        statuses = [asked(site, "/api/v1/patients", Authorization=token)[0].status_code for _ in range(20)]
        assert statuses == [200] * 20
