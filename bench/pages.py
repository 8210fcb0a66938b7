"""Times of pages and requests as the server's own log tells them, beside how fast the machine is at this moment.

The machine is measured before and after by a loop that takes 1.7 s on the one that the goals are for; p95 is also told
divided by that.
"""

import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import httpx

from therapybridge.tests.deployment import Deployment, deployment

THERAPIST = "therapist@demo.example"
LOOP, LOOP_SECONDS = "s = 0\nfor i in range(20_000_000): s += i", 1.7
TOKEN = r'name="csrfmiddlewaretoken" value="([^"]+)"'

Act = Callable[[int], Any]


def slowness() -> float:
    """How many times longer this machine takes than the one that the goals are for."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", LOOP], check=True)
    return (time.perf_counter() - began) / LOOP_SECONDS


def signed_in(installed: Deployment, email: str = THERAPIST) -> httpx.Client:
    """A browser in which this person is signed in."""
    browser = httpx.Client(base_url=installed.base, timeout=60)
    installed.clients[f"browser of {email}"] = browser
    token = found(TOKEN, browser.get("/sign-in").text)
    form = {"email": email, "password": installed.env["DEMO_PASSWORD"], "csrfmiddlewaretoken": token}
    assert browser.post("/sign-in", data=form).status_code == 302
    return browser


def found(pattern: str, text: str) -> str:
    """The first group of the pattern."""
    match = re.search(pattern, text)
    assert match, pattern
    return match[1]


def expected(answer: httpx.Response) -> httpx.Response:
    """The response, if it is 200."""
    assert answer.status_code == 200, answer.text
    return answer


def compare(installed: Deployment, acts: Mapping[str, tuple[str, Act]], goals: Mapping[str, int], times: int) -> bool:
    """Do each act so many times and print its times; `acts` are paths and acts by name, `goals` p95 in ms.

    Returns whether all goals are met.
    """
    before = slowness()
    for _, act in acts.values():
        for number in range(times):
            act(number)
    slow = (before + slowness()) / 2
    print(f"this machine takes {slow:.2f} times the time of the one that the goals are for")
    met = [_told(name, server_times(installed, path), slow, goals[name]) for name, (path, _) in acts.items()]
    return all(met)


def server_times(installed: Deployment, path: str) -> list[float]:
    """How long the server took for each request for the path, in ms, sorted."""
    lines = (json.loads(line) for line in installed.log("web").splitlines() if line.startswith("{"))
    return sorted(line["ms"] for line in lines if line.get("event") == "request" and line.get("path") == path)


def _told(name: str, times: list[float], slow: float, goal: int) -> bool:
    p50, p95 = times[len(times) // 2], times[int(len(times) * 0.95)]
    result = "met" if p95 / slow <= goal else "MISSED"
    print(f"{name:30} p50 {p50:6.1f} ms, p95 {p95:6.1f} ms, on that one {p95 / slow:6.1f} ms: {goal} ms {result}")
    return result == "met"


def run(measure: Callable[[Deployment, int], bool], requests: int) -> bool:
    """Measure in an installation of its own."""
    with (
        tempfile.TemporaryDirectory() as folder,
        deployment(Path(folder) / "installed", JOB_LEASE_SECONDS="60", LOG_JSON="true", LOG_LEVEL="INFO") as installed,
    ):
        return measure(installed, requests)
