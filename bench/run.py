"""Measure a long recording end to end with real processes: our share per stage, and the worker's memory.

`./dev bench [minutes]` (60; with 1 it tells in a minute whether all of it works) measures the built-in engines with two
synthetic voices; `./dev bench [minutes] --stub` a provider on loopback, so that what is measured is ours alone.
`./dev bench [requests] --pages`, `--notes` and `--treatment` measure pages instead (bench/portals.py, …), and
`./dev bench --exports` documents (bench/exports.py), `./dev bench --memory` what the idle processes hold, and
`./dev bench [events …] --api` the API on PostgreSQL (bench/api.py).
"""

import os
import sys
import tempfile
import threading
import time
import wave
from contextlib import suppress
from pathlib import Path

import django
import numpy as np
import psutil

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "therapybridge.settings")
django.setup()

from bench import api, exports, memory, notes, pages, portals, treatment  # noqa: E402
from e2e import make_recording  # noqa: E402
from sessions_app.management.ai_stub.server import running_stub  # noqa: E402
from therapybridge.tests.deployment import Deployment, deployment, until  # noqa: E402
from therapybridge.tests.test_crashes import PEOPLE  # noqa: E402

MEGABYTE = 1024 * 1024
PAGES = {
    "--notes": notes.measure,
    "--pages": portals.measure,
    "--treatment": treatment.measure,
    "--memory": memory.measure,
}
TIMINGS = """
import json
from sessions_app.models import ProcessingJob
print(json.dumps(ProcessingJob.objects.get().timings))
"""


class Memory(threading.Thread):
    """Samples the resident memory of a process tree's largest member, five times a second."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.root, self.done = psutil.Process(pid), threading.Event()
        self.peak, self.course = 0, [0]

    def run(self) -> None:
        while not self.done.wait(0.2):
            for process in [self.root, *self.root.children(recursive=True)]:
                with suppress(psutil.NoSuchProcess):
                    self.peak = max(self.peak, process.memory_info().rss)
            if self.peak > self.course[-1] + 5 * MEGABYTE:
                self.course.append(self.peak)


def recording(path: Path, minutes: float) -> bytes:
    """A spoken conversation of the given length, 16 kHz WAV; the lines repeat after two minutes."""
    tracks, _ = make_recording.record(len(make_recording.DIALOGUE))
    once = (sum(tracks.values()) * 0.7).astype(np.int16)
    with wave.open(str(path), "wb") as target:
        target.setparams((1, 2, make_recording.RATE, 0, "NONE", ""))
        target.writeframes(np.resize(once, int(minutes * 60 * make_recording.RATE)).tobytes())
    return path.read_bytes()


def measure(installed: Deployment, sound: bytes) -> str:
    """Print the figures and return how the session ended."""
    patient = installed.manage("shell", "-v0", "-c", PEOPLE).split()[-1]
    installed.start_web()
    worker = installed.start_worker()
    memory = Memory(worker.pid)
    memory.start()
    client = installed.client("therapist@demo.example")
    began = time.monotonic()
    form = {"patient": patient, "session_date": "2026-01-05T10:00:00Z"}
    session = client.post("/sessions/upload", data=form, files={"file": ("hour.wav", sound)}).json()["id"]
    uploaded = time.monotonic() - began
    until(lambda: client.get(f"/sessions/{session}").json()["status"] in {"processed", "failed"}, 1200, "an end")
    total = time.monotonic() - began
    memory.done.set()
    status = str(client.get(f"/sessions/{session}").json()["status"])
    print(f"status              {status}")
    print(f"upload              {uploaded:8.1f} s for {len(sound) / MEGABYTE:.0f} MB")
    print(f"whole job           {total:8.1f} s")
    grown = " ".join(str(size // MEGABYTE) for size in memory.course)
    print(f"worker, largest     {memory.peak / MEGABYTE:8.0f} MB resident, grown {grown}")
    print(f"stages (wall, cpu)  {installed.manage('shell', '-v0', '-c', TIMINGS).splitlines()[-1]}")
    return status


def main() -> None:
    given = [word for word in sys.argv[1:] if not word.startswith("--")]
    if "--exports" in sys.argv or "exports" in given:
        sys.exit(not exports.measure())
    if "--api" in sys.argv:
        sys.exit(not api.measure([int(word) for word in given] or [10_000, 1_000_000]))
    for name, measured in PAGES.items():
        if name in sys.argv:
            sys.exit(not pages.run(measured, int(given[0]) if given else 100))
    minutes = float(given[0]) if given else 60.0
    with tempfile.TemporaryDirectory() as folder, running_stub() as stub:
        sound = recording(Path(folder) / "hour.wav", minutes)
        engines = {"JOB_LEASE_SECONDS": "60"}
        if "--stub" in sys.argv:
            engines |= {"OPENAI_BASE_URL": stub.base_url, "OPENAI_API_KEY": "none"}
            engines |= {"TRANSCRIBE_MODEL": "stub-verbose", "LLM_MODEL": "stub-llm"}
        with deployment(Path(folder) / "installed", **engines) as installed:
            sys.exit(measure(installed, sound) != "processed")


if __name__ == "__main__":
    main()
