"""Numbers over time as a picture drawn on the server, with the same in words and in a table."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from therapybridge.core import dates

WIDTH, HEIGHT = 400, 200  # in SVG units; small, so that its words can be read on a phone
LEFT, RIGHT, TOP, BOTTOM = 30, 10, 10, 22  # room for the words of the axes
MOST_DOTS = 60  # more points than these would be a smear
TONES = 5  # of bands, see charts.css

Number = tuple[date, float | None]  # None breaks the line: nothing is known of that day


@dataclass(frozen=True, slots=True)
class Dot:
    """A number of a day, and where it is in the picture."""

    day: date
    value: float
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Stripe:
    """A band of values in the background, from `start` on; `tone` counts from the lowest."""

    name: str
    start: float
    y: float
    height: float
    tone: int


@dataclass(frozen=True, slots=True)
class Tick:
    """A word at an axis."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture; `lines` are interrupted where nothing is known, and `dots` are in the order of their days."""

    key: str
    title: str
    lowest: float
    highest: float
    dots: list[Dot]
    lines: list[str]
    stripes: list[Stripe]
    values: list[Tick]
    days: list[Tick]

    @property
    def box(self) -> str:
        """The SVG view box."""
        return f"0 0 {WIDTH} {HEIGHT}"

    @property
    def left(self) -> int:
        """Where the plot begins."""
        return LEFT

    @property
    def width(self) -> int:
        """How wide the plot is."""
        return WIDTH - LEFT - RIGHT

    @property
    def right(self) -> int:
        """Where the plot ends."""
        return WIDTH - RIGHT

    @property
    def foot(self) -> int:
        """Where the days are written."""
        return HEIGHT - 6

    @property
    def has_dots(self) -> bool:
        """Whether each number is marked."""
        return len(self.dots) <= MOST_DOTS

    @property
    def description(self) -> str:
        """The picture in one sentence."""
        first, last = self.dots[0], self.dots[-1]
        scale = f"On a scale from {self.lowest:g} to {self.highest:g}"
        if first is last:
            return f"{scale}: {last.value:g} on {dates.day(last.day)}."
        many = f"{len(self.dots)} numbers, from {first.value:g} on {dates.day(first.day)}"
        return f"{scale}: {many} to {last.value:g} on {dates.day(last.day)}."


def draw_chart(
    key: str,
    title: str,
    numbers: Iterable[Number],
    *,
    lowest: float,
    highest: float,
    bands: Sequence[tuple[str, float]] = (),
) -> Chart | None:
    """A chart at true distances in time; None without a number. `key` makes its ids unique on the page.

    `bands` are names, each with the value from which it holds up to the next one.
    """
    given = sorted(numbers, key=lambda one: one[0])
    known = [day for day, value in given if value is not None]
    if not known:
        return None
    scale = _Scale(known[0], max((known[-1] - known[0]).days, 1), lowest, highest)
    parts = _parts(given, scale)
    return Chart(
        key=key,
        title=title,
        lowest=lowest,
        highest=highest,
        dots=[dot for part in parts for dot in part],
        lines=[" ".join(f"{dot.x:.1f},{dot.y:.1f}" for dot in part) for part in parts if len(part) > 1],
        stripes=_stripes(bands, scale),
        values=[Tick(scale.y(value), f"{value:g}") for value in (lowest, highest)],
        days=[Tick(scale.x(day), dates.day(day)) for day in dict.fromkeys((known[0], known[-1]))],
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    begin: date
    span: int  # days
    lowest: float
    highest: float

    def x(self, day: date) -> float:
        return LEFT + 6 + (WIDTH - LEFT - RIGHT - 12) * (day - self.begin).days / self.span

    def y(self, value: float) -> float:
        share = (value - self.lowest) / (self.highest - self.lowest)
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * min(max(share, 0), 1)


def _parts(numbers: Iterable[Number], scale: _Scale) -> list[list[Dot]]:
    """The dots, in a new part after each gap."""
    parts: list[list[Dot]] = [[]]
    for day, value in numbers:
        if value is None:
            parts.append([])
        else:
            parts[-1].append(Dot(day, value, scale.x(day), scale.y(value)))
    return [part for part in parts if part]


def _stripes(bands: Sequence[tuple[str, float]], scale: _Scale) -> list[Stripe]:
    ends = [*(start for _, start in bands[1:]), scale.highest]
    found = []
    for tone, ((name, start), end) in enumerate(zip(bands, ends, strict=False)):
        top = scale.y(end)
        found.append(Stripe(name, start, top, scale.y(start) - top, min(tone, TONES - 1)))
    return found
