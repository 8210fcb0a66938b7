"""What the shipped processes hold in memory, idle and after long pages."""

import re
import time
from pathlib import Path

import psutil

from bench.figures import Figure
from bench.notes import begun_note
from bench.pages import expected, installation, signed_in
from therapybridge.tests.deployment import BIN, Deployment, until

PROCFILE = Path(__file__).parents[1] / "Procfile"
MEGABYTE = 1024 * 1024
# What a process and its children may hold in all, in MB; what they share is counted once.
MOST = {"web, fresh": 350, "web, after 40 long pages": 420, "control, idle": 250, "work, idle": 400, "beat": 90}
LONG_PAGES = 40
SETTLED = 10  # seconds, until an idle process has loaded what it uses


def measure() -> list[Figure]:
    """Start them as the Procfile does."""
    with installation() as installed:
        page = f"/notes/{begun_note(installed)}"
        installed.kill("web")
        for name in ("web", "control", "work", "beat"):
            _start(installed, name)
        until(installed.is_live, 60, "the web server answers")
        time.sleep(SETTLED)
        held = {"web, fresh": _held(installed, "web")}
        held |= {f"{name}, idle": _held(installed, name) for name in ("control", "work")}
        held["beat"] = _held(installed, "beat")
        browser = signed_in(installed)
        for _ in range(LONG_PAGES):
            expected(browser.get(page))
        held["web, after 40 long pages"] = _held(installed, "web")
    for name, (largest, in_all) in held.items():
        print(f"{name:28}{largest:9.0f} MB the largest process, {in_all:.0f} MB all of them")
    return [Figure("", f"{name}: resident memory", in_all, "MB", MOST[name]) for name, (_, in_all) in held.items()]


def _start(installed: Deployment, name: str) -> None:
    """As the Procfile does, which is what honcho runs."""
    line = re.search(rf"^{name}: (.+)$", PROCFILE.read_text(), re.MULTILINE)
    assert line, name
    path = f"{BIN}:{installed.env['PATH']}"
    installed.start(name, ["sh", "-c", f"exec {line[1]}"], PATH=path, PORT=str(installed.web_port))


def _held(installed: Deployment, name: str) -> tuple[float, float]:
    """The resident memory of the largest process, and what all hold, with shared pages counted once; in MB."""
    root = psutil.Process(installed.processes[name].pid)
    memory = [one.memory_full_info() for one in [root, *root.children(recursive=True)]]
    return max(one.rss for one in memory) / MEGABYTE, sum(one.pss for one in memory) / MEGABYTE
