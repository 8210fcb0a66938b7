"""Measure the pages of both portals in a large practice: 200 patients, 5,000 sessions (bench/practice.py).

`./dev bench [requests] --pages` (100); on PostgreSQL with the settings of tests on services.
"""

import json
import re

import httpx
import psutil

from bench.pages import THERAPIST, expected, server_times, signed_in, slowness
from bench.practice import PATIENT
from therapybridge.tests.deployment import Deployment

GOAL = 150  # p95, ms
KEY = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")


def measure(installed: Deployment, requests: int) -> bool:
    """Print the figures; whether the pages meet their goal on the machine that it is for."""
    built = installed.manage("shell", "-v0", "-c", "from bench.practice import build; print(build())")
    if not installed.on_postgres:
        installed.manage("shell", "-v0", "-c", "from therapybridge.core.tasks import *; count_embedded_rows()")
    installed.manage("collectstatic", "--noinput", "--verbosity", "0")
    installed.start_web()
    patient, session, plan = json.loads(built.splitlines()[-1])
    slow = slowness()
    print(f"this machine takes {slow:.2f} times the time of the one that the goal is for")
    own = f"/patients/{patient}"
    of_therapists = ["/today", "/patients", own, f"{own}/access", f"{own}/measures", "/sessions", "/sessions/new"]
    of_therapists += [f"/sessions/{session}", "/notes", "/risk-reviews", "/plans", f"/plans/{plan}", "/treatment-gaps"]
    of_patients = ["/portal", "/portal/timeline", "/portal/notes", "/portal/plans", "/portal/access"]
    slowest = 0.0
    for email, paths in ((THERAPIST, of_therapists), (PATIENT, of_patients)):
        browser = signed_in(installed, email)
        for path in paths:
            slowest = max(slowest, _measured(installed, browser, path, requests) / slow)
    print(f"slowest p95 on that one {slowest:.1f} ms: {GOAL} ms {'met' if slowest <= GOAL else 'MISSED'}")
    return slowest <= GOAL


def _measured(installed: Deployment, browser: httpx.Client, path: str, requests: int) -> float:
    """Ask for the page so many times and print a line; returns the p95 of the server's time in ms."""
    expected(browser.get(path))
    before = _cpu_seconds(installed)
    for _ in range(requests):
        expected(browser.get(path))
    cpu = (_cpu_seconds(installed) - before) / requests * 1000
    times = server_times(installed, path)
    p50, p95 = times[len(times) // 2], times[int(len(times) * 0.95)]
    print(f"{KEY.sub('…', path):24} p50 {p50:6.1f} ms, p95 {p95:6.1f} ms, CPU {cpu:6.1f} ms")
    return p95


def _cpu_seconds(installed: Deployment) -> float:
    """What the web server's processes have used, without a database server."""
    root = psutil.Process(installed.processes["web"].pid)
    times = [process.cpu_times() for process in [root, *root.children(recursive=True)]]
    return sum(one.user + one.system for one in times)
