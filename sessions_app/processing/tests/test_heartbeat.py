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
from sessions_app.models import ProcessingJob, TherapySession
from sessions_app.processing.services import stages, transcribing
from sessions_app.services.transcripts import create_with_transcript
from sessions_app.signals import stage_reached
from therapybridge.core import heartbeat, reconnecting
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


def test_work_that_waits_for_an_answer_is_left_when_the_job_is_cancelled(job: ProcessingJob) -> None:
    answer, is_over = Event(), Event()

    def ask() -> None:
        ProcessingJob.objects.get(pk=job.pk).stop("cancelled")
        answer.wait(SOON)
        is_over.set()

    with Heartbeat(job) as heart:
        with pytest.raises(LeaseLost):
            heart.attend(ask)
        assert not is_over.is_set()
        answer.set()
        with pytest.raises(LeaseLost):
            heart.check()
    assert is_over.wait(SOON)


def test_what_the_work_comes_to_is_handed_on(job: ProcessingJob) -> None:
    with Heartbeat(job) as heart:
        assert heart.attend(ProcessingJob.objects.count) == 1
        with pytest.raises(ZeroDivisionError):
            heart.attend(lambda: 1 / 0)


def test_a_result_is_saved_though_the_database_fails_meanwhile(job: ProcessingJob, monkeypatch: Any) -> None:
    monkeypatch.setattr(reconnecting, "PAUSES", (0, 0))
    failed: list[str] = []

    def fail_once(stage: str, moment: str, **kwargs: Any) -> None:
        if moment == "committing" and stage not in failed:
            failed.append(stage)
            raise OperationalError("server closed the connection")

    stage_reached.connect(fail_once)
    stages.run(job)
    while following := ProcessingJob.claim(job.pk):
        stages.run(following)
    stage_reached.disconnect(fail_once)
    assert failed == ["extract", "finish"]
    session = TherapySession.objects.get(pk=job.session_id)
    assert (session.status, session.job.stage, session.extractions.count()) == ("processed", "done", 1)


def test_a_database_that_stays_away_ends_the_work(job: ProcessingJob, monkeypatch: Any) -> None:
    monkeypatch.setattr(reconnecting, "PAUSES", (0, 0))
    tried: list[int] = []

    def fail() -> None:
        tried.append(1)
        raise OperationalError("server closed the connection")

    with pytest.raises(OperationalError):
        reconnecting.patiently(fail)
    assert len(tried) == 3
