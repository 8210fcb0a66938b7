"""How long e-mails and seals take while the worker of sessions is busy with long transcripts and long recordings."""

import random
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

from bench.figures import Figure
from bench.recording import recording
from therapybridge.tests.deployment import Deployment, deployment, until
from therapybridge.tests.test_crashes import PEOPLE

THERAPIST = "therapist@demo.example"
TRANSCRIPT = 4_900_000  # bytes; the largest that is taken has 5 MB
RECORDED = 20  # minutes
RESETS, PAUSE = 12, 2.5  # so many password resets are asked for, so many seconds apart
EMAIL_WITHIN, SEALED_WITHIN = 5, 10  # seconds
# As they are set for practices, not for tests.
SETTINGS = {"JOB_LEASE_SECONDS": "60", "JOB_SWEEP_SECONDS": "15", "RECONCILE_SECONDS": "300"}
WORDS = ("we", "then", "talked", "about", "work", "sleep", "walks", "friends", "worry", "mornings", "family", "plans")


def measure() -> list[Figure]:
    """Two transcripts and two recordings under way, then resets one after another."""
    with tempfile.TemporaryDirectory() as folder, deployment(Path(folder) / "installed", **SETTINGS) as installed:
        patient = installed.manage("shell", "-v0", "-c", PEOPLE).split()[-1]
        installed.start_web()
        installed.start_workers()
        client = installed.client(THERAPIST)
        busy = list(_begin(client, patient, Path(folder)))
        until(lambda: _under_way(client, busy) and _is_chained(client), 120, "a session under way")
        mails, seals = zip(*(_one_reset(installed, client, number) for number in range(RESETS)), strict=True)
        left = _under_way(client, busy)
    print(f"{left} of {len(busy)} sessions were still under way at the end")
    if not left:
        raise RuntimeError("The sessions ended too soon: nothing was measured.")
    return [
        Figure("", "password reset to e-mail, the slowest, while sessions run", max(mails), "s", EMAIL_WITHIN),
        Figure("", "event to seal, the longest, while sessions run", max(seals), "s", SEALED_WITHIN),
    ]


def _begin(client: httpx.Client, patient: str, folder: Path) -> Iterator[str]:
    text = _transcript().encode()
    for day in (1, 2):
        row = {"patient": patient, "session_date": f"2026-01-0{day}T10:00:00Z"}
        session = client.post("/sessions", json=row).json()["id"]
        client.post(f"/sessions/{session}/transcript", files={"file": ("talk.txt", text)}).raise_for_status()
        yield session
        heard = row | {"session_date": f"2026-01-0{day}T15:00:00Z"}
        sound = recording(folder / "talk.wav", RECORDED + day).read_bytes()  # no file twice
        answer = client.post("/sessions/upload", data=heard, files={"file": ("talk.wav", sound)})
        yield answer.raise_for_status().json()["id"]


def _transcript() -> str:
    """As long as is taken, in fewer lines than are."""
    dice = random.Random(1)
    lines: list[str] = []
    size = 0
    while size < TRANSCRIPT:
        speaker = ("Therapist", "Patient")[len(lines) % 2]
        lines.append(f"{speaker}: {' '.join(dice.choices(WORDS, k=44))}.")
        size += len(lines[-1]) + 1
    return "\n".join(lines)


def _under_way(client: httpx.Client, sessions: list[str]) -> int:
    statuses = [client.get(f"/sessions/{session}").json()["status"] for session in sessions]
    return sum(status not in {"processed", "failed"} for status in statuses)


def _parts(client: httpx.Client) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = client.get(f"{str(client.base_url).split('/api')[0]}/health").json()["parts"]
    return found


def _is_chained(client: httpx.Client) -> bool:
    return _parts(client)["audit"]["waits_seconds"] < SEALED_WITHIN


def _one_reset(installed: Deployment, client: httpx.Client, number: int) -> tuple[float, float]:
    """Seconds until the e-mail has left, and the longest that an event waited meanwhile and in the pause after that."""
    line, began = f"E-mail to {THERAPIST}:", time.monotonic()
    client.post("/auth/password-reset", json={"email": THERAPIST}).raise_for_status()
    until(lambda: installed.log("control").count(line) > number, 60, "the e-mail")
    took, waited = time.monotonic() - began, _parts(client)["audit"]["waits_seconds"]
    while time.monotonic() - began < PAUSE:
        time.sleep(0.3)
        waited = max(waited, _parts(client)["audit"]["waits_seconds"])
    return took, waited
