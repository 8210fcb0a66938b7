"""Real workers are killed while they take a record in: it comes in once and whole, and no file is left behind."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from exports.imports.tests.stored import STORED
from therapybridge.tests.deployment import Deployment, deployment, until

pytestmark = pytest.mark.processes

CHAOS = "therapybridge.tests.chaos"
LONG_AGO = 1_700_000_000  # as the age of a file: the sweep leaves those of the last hour to their workers
THERAPIST = """
from accounts.tests.factories import *
therapist = TherapistFactory(email="therapist@demo.example")
therapist.set_password("correct horse battery")
therapist.save()
"""
OUTCOME = """
import json
from accounts.models import User
from audit.models import AuditEvent
from exports.imports.models import RecordImport
from exports.imports.tasks import sweep_imports
from sessions_app.models import SessionNote, TherapySession
sweep_imports()
print(json.dumps({
    "imports": list(RecordImport.objects.values_list("status", "error_code", "path")),
    "patients": User.objects.filter(role="patient").count(),
    "sessions": TherapySession.objects.count(),
    "notes": SessionNote.objects.count(),
    "completed": AuditEvent.objects.filter(action="import.completed").count(),
}))
"""


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[Deployment]:
    with deployment(tmp_path, JOB_LEASE_SECONDS="1", JOB_MAX_ATTEMPTS="20") as running:
        running.manage("shell", "-v0", "-c", THERAPIST)
        running.start_web()
        yield running


def plan_death(moment: str, job: str, installed: Deployment) -> None:
    plan = installed.root / "chaos" / job
    plan.parent.mkdir(exist_ok=True)
    plan.write_text(moment)


def wait_for_death(installed: Deployment) -> None:
    until(lambda: installed.processes["work"].poll() is not None, 60, "the planned death")
    assert not list((installed.root / "chaos").iterdir())


def files(installed: Deployment) -> list[Path]:
    return [one for one in installed.root.rglob("imports/*") if one.is_file()]


def test_a_record_comes_in_once_though_workers_are_killed_on_the_way(installed: Deployment) -> None:
    client = installed.client("therapist@demo.example")

    def state() -> Any:
        return client.get(f"/imports/{job}").json()["status"]

    def patients() -> int:
        return len(client.get("/patients").json()["results"])

    job = client.post("/imports", files={"file": ("record.json", STORED.read_bytes(), "application/json")}).json()["id"]
    plan_death("rehearsed", job, installed)
    installed.start_workers(CHAOS)
    wait_for_death(installed)
    assert (state(), patients(), len(files(installed))) == ("checking", 0, 1)

    installed.start_workers(CHAOS)
    until(lambda: state() == "ready", 60, "the check by another worker")
    plan_death("taken", job, installed)
    client.post(f"/imports/{job}/confirm")
    wait_for_death(installed)
    assert (state(), patients(), len(files(installed))) == ("importing", 0, 1)

    plan_death("committed", job, installed)
    installed.start_workers(CHAOS)
    wait_for_death(installed)
    [left] = files(installed)
    os.utime(left, (LONG_AGO, LONG_AGO))

    held = json.loads(STORED.read_bytes())
    assert json.loads(installed.manage("shell", "-v0", "-c", OUTCOME).splitlines()[-1]) == {
        "imports": [["completed", "", ""]],
        "patients": 1,
        "sessions": len(held["sessions"]),
        "notes": len(held["notes"]),
        "completed": 1,
    }
    assert files(installed) == []
