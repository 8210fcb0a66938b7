"""A number with a history as one small picture, drawn on the server, with the same in words and in a table."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

WIDTH, HEIGHT, EDGE = 240, 56, 6  # in SVG units
LEAST = 2  # points of a history


@dataclass(frozen=True, slots=True)
class Point:
    """A number at a time, and where it is in the picture."""

    day: datetime
    value: float
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Sparkline:
    """At least two points, the oldest first; `highest` is the end of the scale."""

    key: str
    title: str
    highest: float
    points: list[Point]

    @property
    def first(self) -> Point:
        """The oldest point."""
        return self.points[0]

    @property
    def last(self) -> Point:
        """The latest point."""
        return self.points[-1]

    @property
    def line(self) -> str:
        """The points of the SVG line."""
        return " ".join(f"{point.x:.1f},{point.y:.1f}" for point in self.points)

    @property
    def box(self) -> str:
        """The SVG view box."""
        return f"0 0 {WIDTH} {HEIGHT}"


def draw_sparkline(key: str, title: str, numbers: Iterable[tuple[datetime, float]], highest: float) -> Sparkline | None:
    """A sparkline on a scale from 0 to `highest`, at true distances in time; None under two numbers: no history yet."""
    found = sorted(numbers)
    if len(found) < LEAST:
        return None
    begin, span = found[0][0], (found[-1][0] - found[0][0]).total_seconds() or 1
    points = [
        Point(
            at,
            value,
            x=EDGE + (WIDTH - 2 * EDGE) * (at - begin).total_seconds() / span,
            y=HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * min(max(value / highest, 0), 1),
        )
        for at, value in found
    ]
    return Sparkline(key, title, highest, points)
