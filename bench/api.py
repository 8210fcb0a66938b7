"""Measure the API on PostgreSQL beside floors of the same run: `./dev bench [events …] --api` (10000 1000000).

Every figure is told as a ratio, too: how many times the CPU of a page read by one statement without a framework. The
ratios of the largest table that is measured are held against bench/recorded.json; one that is a fifth above fails.
"""

import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

from bench.load import Figures, Load
from bench.rows import LONG, LONGEST, NEAR, RARE_WORD, practice
from therapybridge.tests.deployment import Deployment, deployment, until

RECORDED = Path(__file__).with_name("recorded.json")
WORSE = 1.2  # times the recorded ratio
WORKERS = ["--worker-class", "gthread", "--workers", "2", "--threads", "4"]
DEEP = 50  # pages of a hundred
FLOOR = "floor: one statement, no framework"
HEAD = f"{'':42}{'rps':>7}{'p50':>8}{'p95':>8}{'app':>8}{'db':>7}{'blocks':>8}{'x floor':>9}"

Table = dict[str, Figures]


def measure(sizes: Sequence[int], requests: int = 400) -> bool:
    """Print a table for each number of events; whether no ratio fell behind the recorded one."""
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        print("DATABASE_URL must name a PostgreSQL server: its blocks and its CPU are measured.")
        return False
    tables = {size: _table(size, requests) for size in sizes}
    for name in tables[sizes[-1]]:
        if len(sizes) > 1 and name in tables[sizes[0]]:
            small, large = tables[sizes[0]][name], tables[sizes[-1]][name]
            grown = large.database_ms / max(small.database_ms, 0.01)
            print(f"{name:42} database's CPU at {sizes[-1]:,} events: {grown:.2f} times that at {sizes[0]:,}")
    return _holds(tables[sizes[-1]])


def _table(size: int, requests: int) -> Table:
    with tempfile.TemporaryDirectory() as folder, deployment(Path(folder) / "installed") as installed:
        patients = practice(installed, size)
        print(f"\n{size:,} events; CPU and times in ms a request\n{HEAD}")
        table = _floors(installed, patients[NEAR], requests)
        installed.start_web(workers=2)
        table |= _answers(installed, patients, requests)
    floor = table[FLOOR].cpu
    for name, one in table.items():
        print(
            f"{name:42}{one.rate:7.0f}{one.at(0.5):8.1f}{one.at(0.95):8.1f}{one.app_ms:8.2f}{one.database_ms:7.2f}"
            f"{one.blocks:8.0f}{one.cpu / floor:9.2f}"
        )
    return table


def _floors(installed: Deployment, patient: str, requests: int) -> Table:
    table = {}
    for name, app, path in (
        ("floor: a bare WSGI answer", "bench.floors:bare", "/live"),
        (FLOOR, "bench.floors:page", f"/live?{patient}"),
    ):
        process = installed.start(
            "floor", ["gunicorn", "--no-control-socket", app, "--bind", f"127.0.0.1:{installed.web_port}", *WORKERS]
        )
        until(lambda: installed._accepts(installed.web_port), 30, "the floor answers")
        load = Load(installed.web_port, process.pid, installed.env["DATABASE_URL"])
        table[name] = load.ask(path, {}, connections=16, requests=requests * 2)
        installed.kill("floor")
    return table


def _answers(installed: Deployment, patients: Mapping[int, str], requests: int) -> Table:
    client = installed.client("therapist@demo.example")
    headers = {"Authorization": client.headers["Authorization"]}
    load = Load(installed.web_port, installed.processes["web"].pid, installed.env["DATABASE_URL"])
    table = {}
    for name, (path, connections) in _paths(installed, patients).items():
        table[name] = load.ask(f"/api/v1{path}", headers, connections=connections, requests=requests)
    return table


def _paths(installed: Deployment, patients: Mapping[int, str]) -> dict[str, tuple[str, int]]:
    """What is asked, and from how many connections, by the name of the row."""
    near, long = f"/patients/{patients[NEAR]}/timeline", f"/patients/{patients[LONG]}/timeline"
    paths = {
        "timeline, first page of 20": (near, 16),
        "timeline, first page, 1 connection": (near, 1),
        "search for a rare word in 10,000 events": (f"{long}?search={RARE_WORD}", 4),
        "sessions, 50 rows": ("/sessions?limit=50", 16),
        "patients, 20 rows": ("/patients", 16),
    }
    if longest := patients.get(LONGEST):
        deep = _cursor(installed, f"/patients/{longest}/timeline")
        paths["timeline, page 250 of 100,000 events"] = (f"/patients/{longest}/timeline?cursor={quote(deep)}", 1)
    return paths


def _cursor(installed: Deployment, path: str) -> str:
    """A cursor far down the timeline."""
    client, cursor = installed.client("therapist@demo.example"), ""
    for _ in range(DEEP):
        query = {"limit": "100"} | ({"cursor": cursor} if cursor else {})
        cursor = str(client.get(path, params=query).raise_for_status().json()["next_cursor"])
    return cursor


def _holds(table: Table) -> bool:
    recorded = json.loads(RECORDED.read_text())
    behind = []
    for name, most in recorded.items():
        ratio = table[name].cpu / table[FLOOR].cpu if name in table else 0
        if ratio > most * WORSE:
            behind.append(f"{name}: {ratio:.2f} times the floor, recorded {most:.2f}")
    print("\n".join(["", *behind] if behind else ["", "No ratio is a fifth above the recorded one."]))
    return not behind
