"""Real workers are killed and the broker fails: no session is lost or processed twice."""

import itertools
import json
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sessions_app.management.ai_stub.server import Stub, running_stub
from sessions_app.models import ProcessingJob
from sessions_app.tests.audio_files import dialogue, write
from therapybridge.tests.deployment import Deployment, deployment, until

pytestmark = pytest.mark.processes

STAGES = ["check", "transcribe", "assemble", "extract", "finish"]
MOMENTS = ["claimed", "worked", "committing", "committed"]
WHOLE = "worked"  # then the worker dies with all its processes; else the process that does the work
SESSIONS = 60
OUTAGE = 30  # seconds: long enough for the worker and the beat to lose patience, too
PEOPLE = """
from accounts.tests.factories import *
clinic = ClinicFactory()
therapist = TherapistFactory(clinic=clinic, email="therapist@demo.example")
therapist.set_password("correct horse battery")
therapist.save()
patient = PatientFactory(clinic=clinic)
CareFactory(therapist=therapist, patient=patient)
give_consents(patient)
print(patient.pk)
"""
OUTCOME = """
import hashlib, json
from sessions_app.models import *
from timeline.models import TimelineEvent
rows = list(TherapySession.objects.order_by("number").values_list("status", "number", "job__stage", "error_code"))
hashes = [hashlib.sha256(r.file.read_bytes()).hexdigest() for r in Recording.objects.all()]
print(json.dumps({
    "rows": rows,
    "kept": sorted(hashes) == sorted(Recording.objects.values_list("sha256", flat=True)),
    "events": list(TimelineEvent.objects.values_list("title", flat=True)),
    "transcripts": Transcript.objects.count(),
    "drafts": list(Extraction.objects.values_list("version", flat=True)),
    "pieces": TranscriptPiece.objects.count(),
}))
"""


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
        "JOB_MAX_ATTEMPTS": "20",
    }
    with deployment(tmp_path, **engines) as running:
        running.patient = running.manage("shell", "-v0", "-c", PEOPLE).split()[-1]  # type: ignore[attr-defined]
        running.start_web()
        yield running


def recordings(folder: Path, number: int) -> list[bytes]:
    """Different short conversations."""
    tracks, _ = dialogue(2, seconds=1.5)
    spoken = write(folder / "talk.flac", [sum(tracks)]).read_bytes()
    # A FLAC decoder ignores what follows the last frame, so a few bytes make it another file of the same sound.
    return [spoken + f"copy {n}".encode() for n in range(number)]


def upload(installed: Deployment, sounds: list[bytes], first: int = 0) -> list[str]:
    """Upload each recording as a session on a different day; returns the ids."""
    ids = []
    for n, sound in enumerate(sounds, start=first):
        date = f"2026-{1 + n // 28:02}-{1 + n % 28:02}T10:00:00Z"
        form = {"patient": installed.patient, "session_date": date}  # type: ignore[attr-defined]
        client = installed.client("therapist@demo.example")
        answer = client.post("/sessions/upload", data=form, files={"file": ("talk.flac", sound)})
        assert answer.status_code == 202, answer.text
        ids.append(answer.json()["id"])
    return ids


def all_processed(installed: Deployment, number: int) -> bool:
    rows = installed.client("therapist@demo.example").get("/sessions?limit=100").json()["results"]
    return [row["status"] for row in rows] == ["processed"] * number


def outcome(installed: Deployment) -> dict[str, Any]:
    return json.loads(installed.manage("shell", "-v0", "-c", OUTCOME).splitlines()[-1])


def assert_all_done(installed: Deployment, number: int) -> None:
    found = outcome(installed)
    assert found["rows"] == [["processed", n, ProcessingJob.Stage.DONE, ""] for n in range(1, number + 1)]
    assert sorted(found["events"]) == sorted(f"Session #{n}" for n in range(1, number + 1))
    assert found["kept"], "a recording's bytes changed"
    assert (found["transcripts"], found["drafts"], found["pieces"]) == (number, [1] * number, 0)


def ended(worker: "subprocess.Popen[bytes]", installed: Deployment, number: int) -> bool:
    """Whether the worker was killed or everything is processed."""
    return worker.poll() is not None or all_processed(installed, number)


def test_sixty_sessions_survive_workers_killed_at_every_stage(installed: Deployment, tmp_path: Path) -> None:
    ids = upload(installed, recordings(tmp_path, SESSIONS))
    plans = tmp_path / "chaos"
    plans.mkdir()
    for session, (stage, moment) in zip(ids[::3], itertools.product(STAGES, MOMENTS), strict=True):
        (plans / session).write_text(f"{stage} {moment}" + ("" if moment == WHOLE else ", alone"))

    deaths = 0
    while not all_processed(installed, SESSIONS):
        worker = installed.start_workers("therapybridge.tests.chaos")
        until(lambda worker=worker: ended(worker, installed, SESSIONS), 600, "a death or the end")
        deaths += worker.poll() is not None
        assert deaths <= len(STAGES)

    assert not list(plans.iterdir()), "some planned death never came"
    assert deaths >= len(STAGES) / 2  # one death may take two planned ones with it
    until(lambda: len(outcome(installed)["events"]) == SESSIONS, 30, "the last event, by reconciliation")
    assert_all_done(installed, SESSIONS)


def test_uploads_answer_while_the_broker_is_away_and_the_work_is_done_later(
    installed: Deployment, tmp_path: Path
) -> None:
    installed.start_workers()
    sounds = recordings(tmp_path, 4)
    upload(installed, sounds[:1])
    gone = time.monotonic()
    with installed.without_broker():
        upload(installed, sounds[1:], first=1)
        until(lambda: time.monotonic() - gone > OUTAGE, OUTAGE + 60, "the outage's end")
    until(lambda: all_processed(installed, 4), 90, "all four processed")
    until(lambda: len(outcome(installed)["events"]) == 4, 30, "four events")
    assert_all_done(installed, 4)
