"""What came out of a measurement, held against what it may be."""

import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

LOOP, LOOP_SECONDS = "s = 0\nfor i in range(20_000_000): s += i", 1.7
OF_TIME = {"ms", "s"}
OF_RATE = {"1/s"}


def slowness() -> float:
    """How many times longer this machine takes at this moment than the one that the goals are for."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", LOOP], check=True)
    return (time.perf_counter() - began) / LOOP_SECONDS


def largest_memory() -> float:
    """The most that this process has held, in MB; unlike `ru_maxrss` without what its parent held when it began."""
    status = Path("/proc/self/status").read_text()
    (kilobytes,) = (line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
    return int(kilobytes) / 1024


@dataclass(frozen=True)
class Figure:
    """`must` is the most that the value may be, of a rate the least; `row` its number in the table of goals."""

    row: str
    work: str
    value: float
    unit: str
    must: float
    slow: float = 1

    @property
    def there(self) -> float:
        """What the value would be on the machine that the goals are for."""
        if self.unit in OF_RATE:
            return self.value * self.slow
        return self.value / self.slow if self.unit in OF_TIME else self.value

    @property
    def is_met(self) -> bool:
        """Whether it is as good as it must be, there."""
        return self.there >= self.must if self.unit in OF_RATE else self.there <= self.must


def told(figures: Sequence[Figure]) -> bool:
    """Print all of them; whether all are met."""
    print(f"\n{'row':4}{'work':58}{'measured':>10}{'there':>9}{'must':>8}")
    for one in figures:
        verdict = "" if one.is_met else "  MISSED"
        print(f"{one.row:4}{one.work:58}{one.value:10.2f}{one.there:9.2f}{one.must:8.2f} {one.unit}{verdict}")
    return all(one.is_met for one in figures)
