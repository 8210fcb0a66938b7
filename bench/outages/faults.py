"""What goes wrong in a rehearsal: each begins, lasts for so many seconds, and is over when its function returns."""

import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import redis

from bench.outages.servers import Disk, Postgres
from bench.outages.writer import Writer
from sessions_app.management.ai_stub.server import Stub
from therapybridge.tests.deployment import Deployment, until

DEATHS = 10
OUTAGE = 20  # seconds, of the servers; those of the provider last as long as was asked for
HOUR = "-3600"
BEAT = ["celery", "--app", "therapybridge.beat", "beat", "--loglevel", "warning"]


@dataclass
class Stage:
    """All that a fault may touch."""

    installed: Deployment
    postgres: Postgres
    disk: Disk
    provider: Stub
    writer: Writer
    seconds: float
    clock: Path
    notes: list[str] = field(default_factory=list)


Fault = Callable[[Stage], None]


def postgres_stopped(stage: Stage) -> None:
    """As for an update of it."""
    stage.postgres.stop()
    time.sleep(OUTAGE)
    stage.postgres.start()


def postgres_killed(stage: Stage) -> None:
    """It recovers what was committed from its log."""
    stage.postgres.kill()
    time.sleep(1)
    stage.postgres.start()


def redis_stopped(stage: Stage) -> None:
    """Messages, limits and cached values are gone with it."""
    with stage.installed.without_broker():
        time.sleep(OUTAGE)


def redis_flushed(stage: Stage) -> None:
    """Also while messages wait."""
    for _ in range(5):
        redis.Redis(port=stage.installed.redis_port).flushall()
        time.sleep(2)


def provider_fails(kind: str) -> Fault:
    """Every call of an engine ends in the same way."""

    def fail(stage: Stage) -> None:
        stage.provider.fail_with(kind)
        time.sleep(stage.seconds)
        stage.provider.fail_with("")

    return fail


def workers_killed(stage: Stage) -> None:
    """Whatever they are at; a supervisor starts them again."""
    for _ in range(DEATHS):
        time.sleep(2)
        stage.installed.kill("work")
        stage.installed.start_workers()
    time.sleep(2)


def two_beats(stage: Stage) -> None:
    """Each periodic task is sent twice."""
    for name in ("beat 1", "beat 2"):
        stage.installed.start(name, BEAT)
    time.sleep(OUTAGE)
    for name in ("beat 1", "beat 2"):
        stage.installed.kill(name, signal.SIGTERM)


def disk_full_in_upload(stage: Stage) -> None:
    """Uploads are refused; what is there goes on."""
    stage.disk.fill()
    time.sleep(OUTAGE)
    stage.disk.empty()


def disk_full_in_processing(stage: Stage) -> None:
    """Recordings wait that were taken in while there was room: longer than attempts would last."""
    stage.installed.kill("work")
    uploads = stage.writer.told.uploads
    until(lambda: len(uploads) >= 5, 60, "recordings that wait")
    stage.disk.fill()
    stage.installed.start_workers()
    time.sleep(OUTAGE)
    stage.disk.empty()


def clock_put_back(stage: Stage) -> None:
    """By an hour, for all our processes; the database and Redis have clocks of their own."""
    stage.clock.write_text(HOUR)
    time.sleep(OUTAGE)
    stage.clock.write_text("0")


FAULTS: dict[str, Fault] = {
    "postgres-stopped": postgres_stopped,
    "postgres-killed": postgres_killed,
    "redis-stopped": redis_stopped,
    "redis-flushed": redis_flushed,
    "provider-500": provider_fails("500"),
    "provider-429": provider_fails("429"),
    "provider-timeout": provider_fails("timeout"),
    "worker-killed": workers_killed,
    "beat-twice": two_beats,
    "disk-full-upload": disk_full_in_upload,
    "disk-full-processing": disk_full_in_processing,
    "clock-back": clock_put_back,
}
