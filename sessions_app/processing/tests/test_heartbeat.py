"""A lease lives as long as its worker, also through a fault of the database."""

from collections.abc import Iterator
from threading import Event
from typing import Any

import pytest
from django.db import OperationalError
from django.db.backends.signals import connection_created

from accounts.models import User
from accounts.tests.factories import access_for
from sessions_app.conftest import WHEN
from sessions_app.models import ProcessingJob
from sessions_app.processing.services import transcribing
from sessions_app.services.transcripts import create_with_transcript
from therapybridge.core import heartbeat
from therapybridge.core.heartbeat import Heartbeat
from therapybridge.core.jobs import LeaseLost

pytestmark = pytest.mark.django_db(transaction=True)
SOON = 10  # seconds


class Database:
    """Fails one statement of the heartbeat's connection, as a server does that goes away, and tells of the next."""

    def __init__(self) -> None:
        self.refused, self.answered = Event(), Event()

    def __call__(self, execute: Any, *statement: Any) -> Any:
        if not self.refused.is_set():
            self.refused.set()
            raise OperationalError("server closed the connection")
        result = execute(*statement)
        self.answered.set()
        return result

    def watch(self, connection: Any, **kwargs: Any) -> None:
        connection.execute_wrappers.append(self)


@pytest.fixture
def job(therapist: User, patient: User, settings: Any) -> ProcessingJob:
    settings.JOB_LEASE_SECONDS = 0.3
    session = create_with_transcript(access_for(therapist, patient), WHEN, b"Patient: I slept badly.", "talk.txt")
    job = ProcessingJob.claim(session.job.pk)
    assert job
    return job


@pytest.fixture
def faulty() -> Iterator[Database]:
    database = Database()
    connection_created.connect(database.watch)
    yield database
    connection_created.disconnect(database.watch)


def test_a_fault_of_the_database_costs_one_beat(job: ProcessingJob, faulty: Database) -> None:
    with Heartbeat(job) as heart:
        assert faulty.answered.wait(SOON)
        heart.check()
    lease = job.lease_until
    job.refresh_from_db()
    assert faulty.refused.is_set()
    assert job.lease_until > lease


def test_a_lease_that_went_meanwhile_is_noticed_after_the_fault(job: ProcessingJob, faulty: Database) -> None:
    ProcessingJob.objects.update(token=None)
    heart = Heartbeat(job)
    with heart:
        assert faulty.answered.wait(SOON)
    with pytest.raises(LeaseLost):
        heart.check()


class Watched:
    """The statements of the heartbeat's connection."""

    def __init__(self, enough: int) -> None:
        self.statements: list[str] = []
        self.seen, self._enough = Event(), enough

    def __call__(self, execute: Any, sql: str, *rest: Any) -> Any:
        self.statements.append(sql.split(maxsplit=1)[0])
        if len(self.statements) >= self._enough:
            self.seen.set()
        return execute(sql, *rest)

    def watch(self, connection: Any, **kwargs: Any) -> None:
        connection.execute_wrappers.append(self)


def test_between_renewals_the_lease_is_only_read(
    job: ProcessingJob, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.JOB_LEASE_SECONDS = 3600
    monkeypatch.setattr(heartbeat, "NOTICED_WITHIN", 0.01)
    watched = Watched(20)
    connection_created.connect(watched.watch)
    try:
        with Heartbeat(job):
            assert watched.seen.wait(SOON)
    finally:
        connection_created.disconnect(watched.watch)
    assert "UPDATE" not in watched.statements


def test_a_lease_that_is_taken_between_renewals_is_noticed(
    job: ProcessingJob, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.JOB_LEASE_SECONDS = 3600
    monkeypatch.setattr(heartbeat, "NOTICED_WITHIN", 0.01)
    ProcessingJob.objects.update(token=None)
    heart = Heartbeat(job)
    with heart:
        assert heart._lost.wait(SOON)
    with pytest.raises(LeaseLost):
        heart.check()


def test_a_worker_looks_for_a_cancellation_well_within_five_seconds() -> None:
    assert heartbeat.NOTICED_WITHIN + transcribing.CHECKED_EVERY < 2
