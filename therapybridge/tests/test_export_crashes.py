"""Real workers are killed while they make exports: each is made once, and no file is left behind."""

import itertools
import json
import subprocess
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from therapybridge.tests.deployment import Deployment, deployment, until

pytestmark = pytest.mark.processes

MOMENTS = ["claimed", "collected", "drawn", "committing", "committed"]
EXPORTS, DEATHS_PLANNED = 40, 5
LIMITS = "export=100000/h,read=100000/m,write=100000/m,sign_in=1000/m"
PEOPLE = """
from accounts.tests.factories import *
from timeline.tests.factories import make_event
therapist = TherapistFactory(email="therapist@demo.example")
therapist.set_password("correct horse battery")
therapist.save()
patient = PatientFactory(clinic=therapist.clinic)
CareFactory(therapist=therapist, patient=patient)
[make_event(patient, title=f"Event {n}") for n in range(50)]
print(patient.pk)
"""
OUTCOME = """
import json
from audit.models import AuditEvent
from exports.jobs.models import ExportJob
from exports.jobs.services import storage
files = [str(one) for one in storage.folder().rglob("*") if one.is_file()]
print(json.dumps({
    "rows": list(ExportJob.objects.values_list("status", "error_code")),
    "made": [str(pk) for pk in AuditEvent.objects.filter(action="export.made").values_list("target_id", flat=True)],
    "jobs": [str(pk) for pk in ExportJob.objects.values_list("pk", flat=True)],
    "stray": sorted(set(files) ^ {str(job.file) for job in ExportJob.objects.all() if job.path}),
    "sizes": list(ExportJob.objects.values_list("size", flat=True).distinct()),
}))
"""


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[Deployment]:
    with deployment(tmp_path, RATE_LIMITS=LIMITS, JOB_MAX_ATTEMPTS="20") as running:
        running.patient = running.manage("shell", "-v0", "-c", PEOPLE).split()[-1]  # type: ignore[attr-defined]
        running.start_web()
        yield running


def ask(installed: Deployment, form: str = "json") -> str:
    wish = {"kind": "full_record", "format": form, "basis": "practice", "recipient": "Chart", "purpose": "Copy"}
    body = {"patient": installed.patient, **wish}  # type: ignore[attr-defined]
    answer = installed.client("therapist@demo.example").post("/exports", json=body)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["id"])


def are_made(installed: Deployment) -> bool:
    rows = installed.client("therapist@demo.example").get("/exports?limit=100").json()["results"]
    return {row["status"] for row in rows} == {"completed"}


def ended(worker: "subprocess.Popen[bytes]", installed: Deployment) -> bool:
    return worker.poll() is not None or are_made(installed)


def outcome(installed: Deployment) -> dict[str, Any]:
    return json.loads(installed.manage("shell", "-v0", "-c", OUTCOME).splitlines()[-1])


def test_forty_exports_survive_workers_killed_at_every_moment(installed: Deployment, tmp_path: Path) -> None:
    ids = [ask(installed) for _ in range(EXPORTS)]
    plans = tmp_path / "chaos"
    plans.mkdir()
    for job, moment in zip(ids[:: EXPORTS // DEATHS_PLANNED], itertools.cycle(MOMENTS), strict=False):
        (plans / job).write_text(moment)

    deaths = 0
    while not are_made(installed):
        worker = installed.start_workers("therapybridge.tests.chaos")
        until(lambda worker=worker: ended(worker, installed), 120, "a death or the end")
        deaths += worker.poll() is not None
        assert deaths <= DEATHS_PLANNED

    assert not list(plans.iterdir()), "some planned death never came"
    assert deaths >= DEATHS_PLANNED / 2  # one death may take two planned ones with it
    found = outcome(installed)
    assert found["rows"] == [["completed", ""]] * EXPORTS
    assert sorted(found["made"]) == sorted(found["jobs"]), "one was made twice, or is not on record"
    assert found["stray"] == [], "files that no row names, or rows without their file"
    client = installed.client("therapist@demo.example")
    for job in ids:
        told = client.get(f"/exports/{job}").json()
        content = client.get(f"/exports/{job}/download").content
        assert sha256(content).hexdigest() == told["sha256"]
        assert len(json.loads(content)["events"]) == 50
