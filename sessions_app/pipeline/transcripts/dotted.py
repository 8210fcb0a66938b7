"""Clocks that are written with dots, as "00.15 |": told from amounts by the lines around them."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from sessions_app.pipeline.transcripts.rising import is_nearly_all, longest_rising

_CLOCK = r"(?:\d{1,3}\.)?\d{1,3}\.[0-5]\d(?![\d.]*\d)"
_STAMP = re.compile(
    rf"\s*(?P<open>[\[({{<]?)\s?(?P<clock>{_CLOCK})(?:\s?(?:-->|->|to|[-–—~])\s?{_CLOCK})?"  # noqa: RUF001  dash
    r"(?P<mark>\s?[\])}>]|\s?[|:;,\t–—-](?!\S)|\s|$)"  # noqa: RUF001  dash
)
_FEWEST = 3
_SHARE = 0.5  # of the lines with text, as a label may have a line of its own


def with_colons(lines: Sequence[str]) -> list[str]:
    """The lines with the dots of their first clocks as colons, where clocks of one shape rise down the whole file."""
    found = {at: stamp for at, line in enumerate(lines) if (stamp := _STAMP.match(line))}
    shapes = Counter(map(_shape, found.values()))
    result = list(lines)
    if not shapes:
        return result
    shape, uses = shapes.most_common(1)[0]
    stamps = {at: stamp for at, stamp in found.items() if _shape(stamp) == shape}
    if uses < max(_FEWEST, _SHARE * sum(1 for line in lines if line.strip())):
        return result
    for at in _rising(stamps):
        end = stamps[at].end()
        result[at] = lines[at][:end].replace(".", ":") + lines[at][end:]
    return result


def _shape(stamp: re.Match[str]) -> tuple[int, str, str]:
    """How many numbers a clock has, and what stands around it."""
    return stamp["clock"].count("."), stamp["open"], stamp["mark"].strip()


def _rising(stamps: dict[int, re.Match[str]]) -> Iterable[int]:
    """The lines whose clocks are in order, if nearly all are and they do not merely count the paragraphs."""
    times = {at: _seconds(stamp["clock"]) for at, stamp in stamps.items()}
    kept = longest_rising(times)
    steps = Counter(later - before for before, later in pairwise(times[at] for at in kept))
    if not is_nearly_all(len(kept), len(times)) or max(steps[0], steps[1]) > steps.total() / 2:
        return ()
    return kept


def _seconds(clock: str) -> int:
    hours, minutes, whole = ([0] + [int(part) for part in clock.split(".")])[-3:]
    return (hours * 60 + minutes) * 60 + whole
