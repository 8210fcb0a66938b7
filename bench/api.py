"""The API on PostgreSQL, beside floors of the same run: how many times the CPU of a page without a framework it takes.

The ratios of the smallest table are held against bench/recorded.json; one that is a fifth above has fallen behind. What
is asked goes round in turns, so that a moment in which the machine is busy meets all alike, and the least of all rounds
counts.
"""

import json
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from bench.figures import Figure, slowness
from bench.floors import token
from bench.load import HEAD, Figures, Load
from bench.rows import LONG, LONGEST, NEAR, RARE_WORD, practice
from therapybridge.tests import postgres
from therapybridge.tests.deployment import Deployment, deployment, free_port, until

RECORDED = Path(__file__).with_name("recorded.json")
RATIO = "CPU, times the floor: "
WORSE = 1.2  # times the recorded ratio
ROUNDS = 4
AGAIN = 4  # times that what has fallen behind is asked for once more
BLOCKS = 35  # docs/decisions/queries-built-once.md says why not 15
# Of the floors, as where they took FLOOR_THERE: they are a measure of the machine.
OPTIONS = ["--worker-class", "gthread", "--workers", "2", "--threads", "4", "--keep-alive", "60"]
FLOOR_THERE = 1.04  # ms of CPU that the floor took on the machine that the goals are for
DEEP = 50  # pages of a hundred
BARE, FLOOR = "floor: a bare WSGI answer", "floor: token, page and audit row, no framework"
FIRST, ALONE = "timeline, first page of 20", "timeline, first page, 1 connection"
SEARCH, SESSIONS = "search for a rare word in 10,000 events", "sessions, 50 rows"
PATIENTS, DEEP_PAGE = "patients, 20 rows", "timeline, page 250 of 100,000 events"
SUMMARY = "summary of 10,000 events"

Table = dict[str, "Asked"]


@dataclass
class Asked:
    """A path that is asked again and again, and what came of each round."""

    load: Load
    path: str
    headers: Mapping[str, str]
    connections: int
    times: int = 1  # as often as the others: the system counts CPU in hundredths of a second
    rounds: list[Figures] = field(default_factory=list)

    def ask(self, requests: int) -> None:
        """One more round."""
        self.rounds.append(
            self.load.ask(
                self.path, self.headers, connections=self.connections, requests=max(requests * self.times, 16)
            )
        )

    @property
    def best(self) -> Figures:
        """The round that took the least CPU."""
        return min(self.rounds, key=lambda one: one.cpu)


def measure(sizes: Sequence[int], *, requests: int, record: bool) -> list[Figure]:
    """Measure tables with so many events; nothing, with a word, unless DATABASE_URL names a PostgreSQL server."""
    if not postgres.is_used():
        print("DATABASE_URL names no PostgreSQL server, whose blocks and CPU are measured: left out.")
        return []
    slow = slowness()
    tables = {size: _table(size, requests) for size in sizes}
    small, large = tables[sizes[0]], tables[sizes[-1]]
    if record:
        ratios = {name: round(_ratio(small, name), 2) for name in small if not name.startswith("floor")}
        RECORDED.write_text(json.dumps(ratios, indent=4) + "\n")
    figures = _figures(large, (slow + slowness()) / 2) + _ratios(small)
    if len(sizes) > 1:
        grown = large[ALONE].best.database_ms / small[ALONE].best.database_ms
        figures.append(Figure("5", f"database's CPU, {sizes[-1]:,} against {sizes[0]:,} events", grown, "times", 1.3))
    return figures


def _figures(table: Table, slow: float) -> list[Figure]:
    """Beside the system that ours replaces, as it was measured on the machine that the goals are for."""
    found = {name: asked.best for name, asked in table.items()}
    figures = [
        Figure("1", FIRST, found[FIRST].rate, "1/s", 2 * 160, slow),
        Figure("2", f"{FIRST}: CPU, times the floor", _ratio(table, FIRST), "times", 0.45 * 9.6 / FLOOR_THERE),
        Figure("3", f"{ALONE}: p95", found[ALONE].at(0.95), "ms", 0.5 * 18.8, slow),
        Figure("6", f"{FIRST}: blocks, all queries", found[ALONE].blocks, "blocks", BLOCKS),
        Figure("7", SEARCH, found[SEARCH].rate, "1/s", 4 * 47, slow),
        Figure("8", SUMMARY, found[SUMMARY].rate, "1/s", 2 * 51, slow),
        Figure("9", SESSIONS, found[SESSIONS].rate, "1/s", 3 * 75, slow),
    ]
    if DEEP_PAGE in found:
        figures.append(Figure("4", f"{DEEP_PAGE}: p95", found[DEEP_PAGE].at(0.95), "ms", 0.2 * 105, slow))
    return figures


def _ratios(table: Table) -> list[Figure]:
    recorded = json.loads(RECORDED.read_text())
    return [
        Figure("", RATIO + name, _ratio(table, name), "times", recorded[name] * WORSE)
        for name in table
        if name in recorded
    ]


def _ratio(table: Table, name: str) -> float:
    return table[name].best.cpu / table[FLOOR].best.cpu


def _table(size: int, requests: int) -> Table:
    with tempfile.TemporaryDirectory() as folder, deployment(Path(folder) / "installed") as installed:
        _share_cache(installed)
        therapist, patients = practice(installed, size)
        installed.start_web(workers=2)
        asked = _floors(installed, therapist, patients[NEAR]) | _answers(installed, patients)
        _ask(asked, asked, requests)
        for _ in range(AGAIN):
            if not (behind := [name for name in asked if _is_behind(asked, name)]):
                break
            print(f"asked again, since the machine may have been busy: {', '.join(behind)}")
            _ask(asked, [FLOOR, *behind], requests)
    print(f"\n{size:,} events\n{HEAD}")
    for name, one in asked.items():
        print(f"{one.best.line(name)}   {_ratio(asked, name):6.2f} times the floor")
    return asked


def _ask(asked: Table, names: Iterable[str], requests: int) -> None:
    """Forget what came of these, and ask for them anew, in turns."""
    names = list(names)
    for name in names:
        asked[name].rounds.clear()
    for _ in range(ROUNDS):
        for name in names:
            asked[name].ask(requests // ROUNDS)


def _is_behind(table: Table, name: str) -> bool:
    recorded = json.loads(RECORDED.read_text())
    return name in recorded and _ratio(table, name) > recorded[name] * WORSE


def _share_cache(installed: Deployment) -> None:
    """Limits are counted in Redis, as where a practice has PostgreSQL."""
    if not installed.on_redis:
        installed.start_redis()
    installed.env["CACHE_URL"] = f"redis://127.0.0.1:{installed.redis_port}/1"


def _floors(installed: Deployment, therapist: str, patient: str) -> Table:
    floors = {BARE: ("bare", "/live", {}), FLOOR: ("page", f"/live?patient={patient}", _bearer(token(therapist)))}
    table = {}
    for name, (app, path, headers) in floors.items():
        port = free_port()
        bind = ["--bind", f"127.0.0.1:{port}"]
        process = installed.start(app, ["gunicorn", "--no-control-socket", f"bench.floors:{app}", *bind, *OPTIONS])
        until(lambda port=port: installed._accepts(port), 30, "the floor answers")  # type: ignore[misc]
        table[name] = Asked(Load(port, process.pid, installed.env["DATABASE_URL"]), path, headers, 16, times=4)
    return table


def _answers(installed: Deployment, patients: Mapping[int, str]) -> Table:
    headers = {"Authorization": str(installed.client("therapist@demo.example").headers["Authorization"])}
    load = Load(installed.web_port, installed.processes["web"].pid, installed.env["DATABASE_URL"])
    return {
        name: Asked(load, f"/api/v1{path}", headers, connections)
        for name, (path, connections) in _paths(installed, patients).items()
    }


def _paths(installed: Deployment, patients: Mapping[int, str]) -> dict[str, tuple[str, int]]:
    """What is asked, and from how many connections."""
    near, long = f"/patients/{patients[NEAR]}/timeline", f"/patients/{patients[LONG]}/timeline"
    paths = {
        FIRST: (near, 16),
        ALONE: (near, 1),
        SEARCH: (f"{long}?search={RARE_WORD}", 4),
        SUMMARY: (f"{long}/summary", 4),
        SESSIONS: ("/sessions?limit=50", 16),
        PATIENTS: ("/patients", 16),
    }
    if longest := patients.get(LONGEST):
        deep = _cursor(installed, f"/patients/{longest}/timeline")
        paths[DEEP_PAGE] = (f"/patients/{longest}/timeline?cursor={quote(deep)}", 1)
    return paths


def _cursor(installed: Deployment, path: str) -> str:
    """A cursor far down the timeline."""
    client, cursor = installed.client("therapist@demo.example"), ""
    for _ in range(DEEP):
        query = {"limit": "100"} | ({"cursor": cursor} if cursor else {})
        cursor = str(client.get(path, params=query).raise_for_status().json()["next_cursor"])
    return cursor


def _bearer(value: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {value}"}
