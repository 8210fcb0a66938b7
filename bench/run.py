"""Measure the product with real processes: `./dev bench` everything that performance.md tells of, with small data.

`--full` with as much as the goals speak of: 10,000, a million and five million events, and an hour of recording;
`./dev bench api pages` (or treatment, notes, exports, memory, recording, urgency) a part alone. Figures of time
are told as measured, and as they would be on the machine that the goals are for.

Ends with 1 if a ratio of the API fell behind the recorded one, or, with --full, if a goal is missed: a small run may
share its machine with others, which makes times untrue and ratios less so.
"""

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

import django

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "therapybridge.settings")
django.setup()

from bench import api, exports, memory, notes, practice_pages, recording, treatment, urgency  # noqa: E402
from bench.figures import Figure, told  # noqa: E402

SMALL, FULL = [10_000], [10_000, 1_000_000, 5_000_000]


def options() -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="all, unless some are named")
    parser.add_argument("--full", action="store_true", help="as much data as the goals speak of")
    parser.add_argument("--requests", type=int, help="so many to each page")
    parser.add_argument("--events", type=int, nargs="+", help="so many in the table, one after another")
    parser.add_argument("--minutes", type=float, help="so long a recording")
    parser.add_argument("--stub", action="store_true", help="a speech service on loopback instead of the built-in one")
    parser.add_argument("--record", action="store_true", help="hold later runs against the ratios of this one")
    given = parser.parse_args()
    given.requests = given.requests or (100 if given.full else 20)
    given.events = given.events or (FULL if given.full else SMALL)
    given.minutes = given.minutes or (60 if given.full else 1)
    return given


def _api(given: argparse.Namespace) -> list[Figure]:
    return api.measure(given.events, requests=given.requests * 40, record=given.record)


PARTS: dict[str, Callable[[argparse.Namespace], list[Figure]]] = {
    "api": _api,
    "pages": lambda given: practice_pages.measure(given.requests),
    "treatment": lambda given: treatment.measure(given.requests),
    "notes": lambda given: notes.measure(given.requests),
    "exports": lambda given: exports.measure(),
    "memory": lambda given: memory.measure(),
    "recording": lambda given: recording.measure(given.minutes, stub=given.stub),
    "urgency": lambda given: urgency.measure(),
}


def main() -> None:
    given, figures = options(), []
    for name in given.parts or PARTS:
        print(f"\n== {name}", flush=True)
        figures += PARTS[name](given)
    met = told(sorted(figures, key=lambda one: int(one.row or 99)))
    behind = [one for one in figures if one.work.startswith(api.RATIO) and not one.is_met]
    sys.exit(bool(behind) or (given.full and not met))


if __name__ == "__main__":
    main()
