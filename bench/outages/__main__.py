"""Rehearse outages with real processes, under somebody who writes all the time:

    .venv/bin/python -m bench.outages [--full] [postgres-killed disk-full-upload …]

A PostgreSQL and a Redis of its own, gunicorn, both workers, the timer and a provider on loopback. Each fault is a row:
how many writes were acknowledged meanwhile, how many of them are lost, how many sessions were processed by themselves,
how requests were answered, and how long it took from the fault's end until all is as before. Ends with 1 if anything
acknowledged is lost, a session is not processed, or a request is answered with 500.

Needs root, for a disk that is filled, PostgreSQL's server programs and redis-server. With --full, outages of the
provider last five minutes instead of twenty seconds.
"""

import argparse
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "therapybridge.settings")
django.setup()

from bench.outages.checks import lost, processed  # noqa: E402
from bench.outages.faults import FAULTS, Stage  # noqa: E402
from bench.outages.servers import cluster, small_disk  # noqa: E402
from bench.outages.writer import THERAPIST, Told, Writer  # noqa: E402
from sessions_app.management.ai_stub.server import running_stub  # noqa: E402
from therapybridge.tests import postgres  # noqa: E402
from therapybridge.tests.deployment import Deployment, deployment, until  # noqa: E402
from therapybridge.tests.test_crashes import PEOPLE  # noqa: E402

SHORT, LONG = 20, 300  # seconds
PATIENCE = 180  # seconds after a fault, until all must be as before
CALM = 6  # seconds of writing before a fault, and after it
# As for practices; only the provider's patience is shorter, and pauses do not outlast the rehearsal.
SETTINGS = {
    "JOB_LEASE_SECONDS": "15",
    "JOB_SWEEP_SECONDS": "5",
    "JOB_BACKOFF_SECONDS": "2",
    "TRANSCRIBE_MODEL": "stub-verbose",
    "LLM_MODEL": "stub-llm",
    "TRANSCRIBE_TIMEOUT": "3",
    "LLM_TIMEOUT": "3",
    "OPENAI_API_KEY": "none",
}
HEADINGS = ("fault", "acknowledged", "lost", "processed", "answers by status", "answers after", "all done after", "")


@dataclass(frozen=True)
class Row:
    """What came of one fault; seconds are counted from its end."""

    fault: str
    told: Told
    lost: list[str]
    sessions: int
    processed: int
    answering_after: float
    done_after: float

    @property
    def is_passed(self) -> bool:
        """Whether nothing is lost, everything was done, and nothing was answered as a defect."""
        defects = self.told.answers[HTTPStatus.INTERNAL_SERVER_ERROR]
        return not (self.lost or defects) and self.processed == self.sessions and self.told.writes > 0

    def cells(self) -> tuple[str, ...]:
        """As words, in the order of the headings."""
        answers = ", ".join(f"{status or 'none'}: {count}" for status, count in sorted(self.told.answers.items()))
        return (
            self.fault,
            str(self.told.writes),
            str(len(self.lost)),
            f"{self.processed} of {self.sessions}",
            answers,
            f"{self.answering_after:.1f} s",
            f"{self.done_after:.1f} s",
            "" if self.is_passed else "FAILED",
        )


def main() -> None:
    given = _options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that servers and disk are taken down then, too
    rows = list(_rehearsed(given.faults or list(FAULTS), LONG if given.full else SHORT))
    print("\n| " + " | ".join(HEADINGS[:-1]) + " |\n|" + "---|" * (len(HEADINGS) - 1))
    for row in rows:
        print("| " + " | ".join(row.cells()[:-1]) + f" | {row.cells()[-1]}")
    sys.exit(not all(row.is_passed for row in rows))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.outages", description=__doc__.splitlines()[0])
    parser.add_argument("faults", nargs="*", choices=[*FAULTS, []], help="all, unless some are named")
    parser.add_argument("--full", action="store_true", help="outages of the provider last five minutes each")
    return parser.parse_args()


def _rehearsed(faults: list[str], seconds: float) -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as name, _stage(Path(name), seconds) as stage:
        for fault in faults:
            row = _row(stage, fault)
            print("  ".join(row.cells()), flush=True)
            for lost in row.lost:
                print(f"    {lost}", flush=True)
            yield row


@contextmanager
def _stage(folder: Path, seconds: float) -> Iterator[Stage]:
    """Everything started, one note begun, and the writer at work."""
    folder.chmod(0o755)  # PostgreSQL is another user
    clock = folder / "clock"
    clock.write_text("0")
    with cluster(folder / "postgres") as database, small_disk(folder / "disk") as disk, running_stub() as provider:
        os.environ |= {"DATABASE_URL": database.address, "CELERY_BROKER_URL": "redis://"}
        engine = {"OPENAI_BASE_URL": provider.base_url}
        watched = {"CLOCK_FILE": str(clock), "PYTHONPATH": str(Path(__file__).parent / "clock")}
        storage = {"STORAGE_URL": f"file://{disk.folder}/files"}
        with deployment(folder / "installed", **SETTINGS, **engine, **storage, **watched) as installed:
            installed.env["CACHE_URL"] = f"redis://127.0.0.1:{installed.redis_port}/1"
            postgres.keep_commits(installed.database)
            patient, note = _begun(installed)
            with Writer(installed, patient, note, _token(installed)) as writer:
                yield Stage(installed, database, disk, provider, writer, seconds, clock)


def _begun(installed: Deployment) -> tuple[str, str]:
    """A patient, and a note that is begun."""
    patient = installed.manage("shell", "-v0", "-c", PEOPLE).split()[-1]
    installed.start_web(workers=2)
    installed.start_workers()
    client = installed.client(THERAPIST)
    form = {"patient": patient, "session_date": "1999-01-05T10:00:00Z"}
    session = client.post("/sessions", json=form).json()["id"]
    talk = b"Therapist: How was your week?\nPatient: I slept badly and walked a lot.\n" * 20
    client.post(f"/sessions/{session}/transcript", files={"file": ("talk.txt", talk)}).raise_for_status()
    until(lambda: client.get(f"/sessions/{session}").json()["status"] == "processed", 120, "a draft")
    soap = next(row["id"] for row in client.get("/templates").json()["results"] if row["name"].startswith("SOAP"))
    return patient, client.post("/notes", json={"session": session, "template": soap}).json()["id"]


def _token(installed: Deployment) -> str:
    return installed.client(THERAPIST).headers["Authorization"].removeprefix("Bearer ")


def _row(stage: Stage, fault: str) -> Row:
    """Writing goes on before, during and after it; then all must be done."""
    stage.writer.forget()
    time.sleep(CALM)
    FAULTS[fault](stage)
    over = time.monotonic()
    _waited(lambda: stage.writer.all_acknowledged_since(over))
    answering_after = time.monotonic() - over
    time.sleep(CALM)
    told = stage.writer.forget()
    _waited(lambda: processed(stage.installed, told) == len(told.uploads))
    done_after = time.monotonic() - over
    missing = list(lost(stage.installed, told, stage.disk.folder / "files", stage.writer.note))
    done = processed(stage.installed, told)
    return Row(fault, told, missing, len(told.uploads), done, answering_after, done_after)


def _waited(condition: Callable[[], bool]) -> None:
    """What is not as before by then, the row tells."""
    with suppress(AssertionError):
        until(condition, PATIENCE, "all is as before")


if __name__ == "__main__":
    main()
