"""A real worker meets a provider that fails in one way after the other, for longer than attempts would last."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sessions_app.management.ai_stub.server import AUDIO, Stub, running_stub
from therapybridge.tests.deployment import Deployment, deployment, until
from therapybridge.tests.test_crashes import PEOPLE, all_processed, assert_all_done, outcome, recordings, upload

pytestmark = pytest.mark.processes
SESSIONS = 6
MOST_ATTEMPTS = 2
FAULTS = ("500", "429", "timeout")


@pytest.fixture
def stub() -> Iterator[Stub]:
    with running_stub() as server:
        yield server


@pytest.fixture
def installed(tmp_path: Path, stub: Stub) -> Iterator[Deployment]:
    engines = {
        "OPENAI_BASE_URL": stub.base_url,
        "OPENAI_API_KEY": "none",
        "TRANSCRIBE_MODEL": "stub-verbose",
        "LLM_MODEL": "stub-llm",
        "TRANSCRIBE_TIMEOUT": "1",
        "LLM_TIMEOUT": "1",
        "JOB_MAX_ATTEMPTS": str(MOST_ATTEMPTS),
        "JOB_BACKOFF_SECONDS": "0.01",
        "JOB_SWEEP_SECONDS": "0.3",
    }
    with deployment(tmp_path, **engines) as running:
        running.patient = running.manage("shell", "-v0", "-c", PEOPLE).split()[-1]  # type: ignore[attr-defined]
        running.start_web()
        yield running


def failed_calls(stub: Stub) -> int:
    return len([call for call in stub.calls() if call["status"] != 200])


def paid(stub: Stub) -> list[str]:
    """The content of each chunk that was transcribed."""
    return [call["sha"] for call in stub.calls() if call["path"] == AUDIO and call["status"] == 200]


def test_an_outage_of_every_kind_costs_nothing_but_time(installed: Deployment, stub: Stub, tmp_path: Path) -> None:
    stub.fail_with(FAULTS[0])
    installed.start_workers()
    upload(installed, recordings(tmp_path, SESSIONS))
    for fault in FAULTS:
        before = failed_calls(stub)
        stub.fail_with(fault)
        until(
            lambda before=before: failed_calls(stub) > before + MOST_ATTEMPTS, 90, f"more calls that end with {fault}"
        )
    rows = outcome(installed)["rows"]
    assert {(status, error) for status, _, _, error in rows} <= {("transcribing", ""), ("pending", "")}
    most_calls = failed_calls(stub)
    assert most_calls < SESSIONS * len(FAULTS) * (MOST_ATTEMPTS + 2), "all called all the time"
    stub.fail_with("")
    until(lambda: all_processed(installed, SESSIONS), 120, "all processed by themselves")
    until(lambda: len(outcome(installed)["events"]) == SESSIONS, 30, "all events")
    assert_all_done(installed, SESSIONS)
    assert len(paid(stub)) == SESSIONS, "a chunk was paid twice"


def test_a_wrong_key_pauses_the_engine_and_another_one_goes_on(
    installed: Deployment, stub: Stub, tmp_path: Path
) -> None:
    stub.fail_with("401")
    installed.start_workers()
    upload(installed, recordings(tmp_path, SESSIONS))
    until(lambda: is_waiting(installed, SESSIONS), 60, "all wait")
    health = installed.client("therapist@demo.example").get(f"{installed.base}/health").json()
    assert health["status"] == "degraded"
    assert [away["state"] for away in health["parts"]["engine"]["away"]] == ["paused"]
    refused = failed_calls(stub)
    assert refused <= 2, "each process may have called once"
    for worker in ("control", "work"):
        installed.kill(worker)
    stub.fail_with("")
    installed.env["OPENAI_API_KEY"] = "another"
    installed.start_workers()
    until(lambda: all_processed(installed, SESSIONS), 120, "all processed by themselves")
    assert failed_calls(stub) == refused
    until(lambda: len(outcome(installed)["events"]) == SESSIONS, 30, "all events")
    assert_all_done(installed, SESSIONS)


def is_waiting(installed: Deployment, number: int) -> bool:
    rows = installed.client("therapist@demo.example").get("/sessions?limit=100").json()["results"]
    return [row["progress"]["waiting_code"] for row in rows] == ["engine_config"] * number
