"""A long recording end to end with real processes: the built-in engines, or a provider on loopback.

Two synthetic voices speak. With the provider (`--stub`), which answers in a second, what is measured is ours alone.
"""

import json
import subprocess
import sys
import tempfile
import threading
import time
import wave
from contextlib import suppress
from pathlib import Path

import numpy as np
import psutil

from bench.figures import Figure, slowness
from e2e import make_recording
from sessions_app.management.ai_stub.server import running_stub
from therapybridge.tests.deployment import Deployment, deployment, until
from therapybridge.tests.test_crashes import PEOPLE

MEGABYTE = 1024 * 1024
TIMINGS = """
import json
from sessions_app.models import ProcessingJob
print(json.dumps(ProcessingJob.objects.order_by("created_at").last().timings))
"""
CUT = 12, 120  # seconds of CPU and MB, to decode and cut an hour
OURS = 30  # seconds of CPU: a twentieth of ten minutes
GROWTH = 20  # MB, of the web server while it takes a large file
LARGE = 500  # MB


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


def measure(minutes: float, *, stub: bool) -> list[Figure]:
    """Cut a recording of so many minutes, process it, and take in a large file; RuntimeError if it is not processed."""
    figures = []
    with tempfile.TemporaryDirectory() as folder, running_stub() as provider:
        sound = recording(Path(folder) / "talk.wav", minutes)
        figures += cutting(sound, minutes)
        engines = {"JOB_LEASE_SECONDS": "60"}
        if stub:
            engines |= {"OPENAI_BASE_URL": provider.base_url, "OPENAI_API_KEY": "none"}
            engines |= {"TRANSCRIBE_MODEL": "stub-verbose", "LLM_MODEL": "stub-llm"}
        with deployment(Path(folder) / "installed", **engines) as installed:
            patient = installed.manage("shell", "-v0", "-c", PEOPLE).split()[-1]
            installed.start_web()
            figures += taking(installed, patient, Path(folder) / "large.wav", min(LARGE, int(minutes * LARGE / 10)))
            ours = processing(installed, patient, sound)
        if stub:
            figures.append(Figure("13", f"{minutes:.0f} minutes, our share of the work", ours, "s", OURS, slowness()))
    return figures


def recording(path: Path, minutes: float) -> Path:
    """A spoken conversation of the given length, 16 kHz WAV; the lines repeat after two minutes."""
    tracks, _ = make_recording.record(len(make_recording.DIALOGUE))
    once = (sum(tracks.values()) * 0.7).astype(np.int16)
    with wave.open(str(path), "wb") as target:
        target.setparams((1, 2, make_recording.RATE, 0, "NONE", ""))
        target.writeframes(np.resize(once, int(minutes * 60 * make_recording.RATE)).tobytes())
    return path


def cutting(sound: Path, minutes: float) -> list[Figure]:
    """Decode it, find its silences and cut it into pieces, in a process of its own."""
    slow = slowness()
    command = [sys.executable, "-m", "bench.cutting", str(sound)]
    told = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
    most, work = CUT[0] * minutes / 60, f"{minutes:.0f} minutes decoded and cut"
    return [
        Figure("12", f"{work}: CPU", told["cpu"], "s", most, slow),
        Figure("12", f"{work}: memory", told["memory"], "MB", CUT[1]),
    ]


def taking(installed: Deployment, patient: str, large: Path, megabytes: int) -> list[Figure]:
    """Upload a large file of silence."""
    with wave.open(str(large), "wb") as target:
        target.setparams((2, 2, 48_000, 0, "NONE", ""))
        for _ in range(megabytes):
            target.writeframes(bytes(MEGABYTE))
    web = psutil.Process(installed.processes["web"].pid)
    client = installed.client("therapist@demo.example")
    form = {"patient": patient, "session_date": "2026-01-04T10:00:00Z"}
    small = client.post("/sessions/upload", data=form, files={"file": ("none.wav", b"")})  # loads the code for uploads
    assert small.status_code == 422, small.text
    memory = Memory(web.pid)
    memory.start()
    before = max(one.memory_info().rss for one in [web, *web.children(recursive=True)])
    with large.open("rb") as file:
        answer = client.post("/sessions/upload", data=form, files={"file": ("large.wav", file)})
    memory.done.set()
    if not answer.is_success:
        raise RuntimeError(answer.text)
    client.post(f"/sessions/{answer.json()['id']}/cancel").raise_for_status()
    grown = (memory.peak - before) / MEGABYTE
    return [Figure("14", f"upload of {megabytes} MB: the server's memory grows by", grown, "MB", GROWTH)]


def processing(installed: Deployment, patient: str, sound: Path) -> float:
    """Print how it went from upload to draft; the seconds of CPU of all stages. RuntimeError if it failed."""
    worker = installed.start_workers()
    memory = Memory(worker.pid)
    memory.start()
    client = installed.client("therapist@demo.example")
    began = time.monotonic()
    form = {"patient": patient, "session_date": "2026-01-05T10:00:00Z"}
    with sound.open("rb") as file:
        session = client.post("/sessions/upload", data=form, files={"file": ("talk.wav", file)}).json()["id"]
    uploaded = time.monotonic() - began
    until(lambda: client.get(f"/sessions/{session}").json()["status"] in {"processed", "failed"}, 1200, "an end")
    total = time.monotonic() - began
    memory.done.set()
    if (status := client.get(f"/sessions/{session}").json()["status"]) != "processed":
        raise RuntimeError(f"the session ended as {status}")
    timings = json.loads(installed.manage("shell", "-v0", "-c", TIMINGS).splitlines()[-1])
    print(f"upload              {uploaded:8.1f} s for {sound.stat().st_size / MEGABYTE:.0f} MB")
    print(f"whole job           {total:8.1f} s")
    grown = " ".join(str(size // MEGABYTE) for size in memory.course)
    print(f"worker, largest     {memory.peak / MEGABYTE:8.0f} MB resident, grown {grown}")
    print(f"stages (wall, CPU)  {json.dumps(timings)}")
    return float(sum(stage["cpu"] for stage in timings.values()))
