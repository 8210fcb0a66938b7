"""A cancelled recording does not keep a real worker, however long the engine takes to answer."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sessions_app.management.ai_stub.server import Stub, running_stub
from therapybridge.tests.deployment import Deployment, deployment, until
from therapybridge.tests.test_crashes import PEOPLE, recordings, upload

pytestmark = pytest.mark.processes

THERAPIST = "therapist@demo.example"
PROCESSES = 2  # of the worker
SAID = b"Therapist: How did you sleep?\nPatient: Badly. I worried about work until three.\n"


@pytest.fixture
def stub() -> Iterator[Stub]:
    with running_stub() as server:
        yield server


@pytest.fixture
def installed(tmp_path: Path, stub: Stub) -> Iterator[Deployment]:
    """An installation whose speech engine takes every recording and holds its answers until the test is over."""
    engines = {"TRANSCRIBE_BASE_URL": stub.base_url, "TRANSCRIBE_MODEL": "stub-timeout", "LLM_MODEL": ""}
    with deployment(tmp_path, **engines) as running:
        running.patient = running.manage("shell", "-v0", "-c", PEOPLE).split()[-1]  # type: ignore[attr-defined]
        running.start_web()
        running.start_workers()
        yield running


def test_a_worker_is_free_before_the_engine_has_answered_for_a_cancelled_job(
    installed: Deployment, stub: Stub, tmp_path: Path
) -> None:
    client = installed.client(THERAPIST)
    held = upload(installed, recordings(tmp_path, PROCESSES))
    until(lambda: len(stub.calls()) == PROCESSES, 60, "every process waits for the engine")
    for session in held:
        assert client.post(f"/sessions/{session}/cancel").status_code < 300
    row = {"patient": installed.patient, "session_date": "2026-03-01T10:00:00Z"}  # type: ignore[attr-defined]
    other = client.post("/sessions", json=row).json()["id"]
    client.post(f"/sessions/{other}/transcript", files={"file": ("talk.txt", SAID)})
    until(lambda: client.get(f"/sessions/{other}").json()["status"] == "processed", 60, "another job is done")
    assert [client.get(f"/sessions/{session}").json()["status"] for session in held] == ["failed"] * PROCESSES
    assert len(stub.calls()) == PROCESSES
