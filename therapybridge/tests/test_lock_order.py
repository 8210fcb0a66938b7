"""Concurrent changes to many sessions of one patient never deadlock."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from sessions_app.management.ai_stub.server import running_stub
from therapybridge.tests.deployment import Deployment, deployment, until
from therapybridge.tests.test_crashes import PEOPLE

pytestmark = pytest.mark.processes

SESSIONS = 60
AT_ONCE = 4
PATIENCE = 60  # seconds


class Practice:
    """A therapist's device, with a count of its responses."""

    def __init__(self, running: Deployment) -> None:
        self.patient = running.manage("shell", "-v0", "-c", PEOPLE).split()[-1]
        running.start_web()
        self.client = running.client("therapist@demo.example")
        self.client.headers["Connection"] = "close"  # or one that idles is closed just as it is used again
        self.answers: list[int] = []

    def post(self, path: str, **body: Any) -> httpx.Response:
        answer = self.client.post(path, **body)
        self.answers.append(answer.status_code)
        return answer

    def status(self, path: str) -> str:
        return str(self.client.get(path).json()["status"])

    def numbers(self) -> list[int | None]:
        """By date."""
        rows = self.client.get("/sessions?limit=100").json()["results"]
        return [row["number"] for row in reversed(rows)]

    def has_begun(self) -> bool:
        """Whether a worker has reached the first session."""
        return "failed" in {row["status"] for row in self.client.get("/sessions?limit=100").json()["results"]}


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[Deployment]:
    with running_stub() as stub:
        # Each note is refused once, which fails its session; whoever tries again gets it.
        engines = {"OPENAI_BASE_URL": stub.base_url, "OPENAI_API_KEY": "none", "LLM_MODEL": "stub-rejected-once"}
        with deployment(tmp_path, **engines) as running:
            yield running


def begin(practice: Practice, number: int) -> str:
    """A session whose note waits for a worker; returns its path."""
    # The oldest first, as the workers take them: each one that fails moves the numbers of all that wait.
    date = f"2026-{1 + number // 28:02}-{1 + number % 28:02}T10:00:00Z"
    form = {"patient": practice.patient, "session_date": date}
    path = f"/sessions/{practice.post('/sessions', json=form).json()['id']}"
    said = f"Therapist: How did you sleep?\nPatient: I slept badly in night {number}.\n".encode()
    practice.post(f"{path}/transcript", files={"file": ("talk.txt", said)})
    return path


def try_again(practice: Practice, path: str) -> None:
    until(lambda: practice.status(path) == "failed", PATIENCE, f"{path} failed")
    practice.post(f"{path}/retry")


def cancel(practice: Practice, path: str) -> None:
    """Which may come too late."""
    practice.post(f"{path}/cancel")


def finish(practice: Practice, path: str) -> None:
    """Whatever became of it before."""
    until(lambda: has_note(practice, path), PATIENCE, f"{path} processed")


def has_note(practice: Practice, path: str) -> bool:
    status = practice.status(path)
    if status == "failed":
        practice.post(f"{path}/retry")
    return status == "processed"


def test_sixty_sessions_of_one_patient_fail_are_retried_and_cancelled_at_once(installed: Deployment) -> None:
    practice = Practice(installed)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        paths = list(pool.map(partial(begin, practice), range(SESSIONS)))
        installed.start_workers()
        until(practice.has_begun, PATIENCE, "the first session failed")
        # Cancelling from the other end meets the workers in the middle.
        for act, whose in ((cancel, paths[::-1]), (try_again, paths), (cancel, paths[::-1]), (finish, paths)):
            list(pool.map(partial(act, practice), whose))

    numbers, answers = practice.numbers(), Counter(practice.answers)
    assert (installed.deadlocks(), max(answers) < 500) == (0, True), answers
    assert numbers == list(range(1, SESSIONS + 1))
    for name in ("web", "control", "work"):  # on SQLite, too, nobody may have given up waiting
        assert "OperationalError" not in installed.log(name)
