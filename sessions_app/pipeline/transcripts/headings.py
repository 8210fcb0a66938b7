"""Headings of two lines, a name and a clock: put on one, so that a name that is used once is a voice."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sessions_app.pipeline.text.matching import fold
from sessions_app.pipeline.transcripts.labels import is_heading
from sessions_app.pipeline.transcripts.times import CLOCK

_CLOCK_LINE = re.compile(rf"\s*(?P<clock>[\[(]\s?{CLOCK}\s?[\])]|{CLOCK})(?P<words>\s+\S.*)?\s*")
_FEWEST = 2
_HEADED = 0.6  # of the clocks that begin a line


@dataclass(frozen=True, slots=True)
class _Heading:
    """The numbers of its two lines, the one line that they become, and words that stood behind the clock."""

    first: int
    last: int
    line: str
    words: str


def joined(lines: Sequence[str]) -> list[str]:
    """The lines with "Name" and "00:03" as "Name 00:03", if most clocks that begin a line have a name beside them."""
    result: list[str] = []
    after, repeated = 0, ""
    for heading in _headings(lines):
        result += _unrepeated(lines[after : heading.first], repeated)
        result += [heading.line, heading.words] if heading.words else [heading.line]
        after, repeated = heading.last + 1, heading.line
    return result + _unrepeated(lines[after:], repeated)


def _unrepeated(lines: Sequence[str], heading: str) -> list[str]:
    """Without the heading that some pages show once more, directly below."""
    return list(lines[1:] if heading and lines and lines[0].strip() == heading else lines)


def _headings(lines: Sequence[str]) -> list[_Heading]:
    filled = [at for at, line in enumerate(lines) if line.strip()]
    clocks = {n: found for n, at in enumerate(filled) if (found := _CLOCK_LINE.fullmatch(lines[at]))}
    if len(clocks) < _FEWEST:
        return []
    names = {n for n, at in enumerate(filled) if n not in clocks and is_heading(lines[at].strip())}
    above = [(n, n - 1) for n in clocks if n - 1 in names]
    below = [(n, n + 1) for n, found in clocks.items() if n + 1 in names and not found["words"]]
    is_above = len(above) > len(below) or (len(above) == len(below) and 0 not in clocks)
    chosen = above if is_above else below
    used = [fold(lines[filled[name]]) for _, name in chosen]
    if len(chosen) < max(_FEWEST, _HEADED * len(clocks)) or len(set(used)) == len(used) > _FEWEST:
        return []
    return list(_made(lines, [(filled[clock], filled[name], clocks[clock]) for clock, name in chosen]))


def _made(lines: Sequence[str], pairs: Sequence[tuple[int, int, re.Match[str]]]) -> Iterator[_Heading]:
    for clock, name, found in pairs:
        line = f"{lines[name].strip()} {found['clock']}"
        yield _Heading(min(clock, name), max(clock, name), line, (found["words"] or "").strip())
