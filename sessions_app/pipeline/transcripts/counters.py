"""The numbers that count the cues of SubRip, also in a file of which parts are lost; other numbers were said."""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from sessions_app.pipeline.transcripts.rising import mostly_rising

_NUMBER = re.compile(r"\s*(\d{1,9})\s*")
_FEWEST = 2
_SHARE = 0.5  # of the cues


def counter(line: str) -> int | None:
    """The number, if nothing else stands on the line."""
    found = _NUMBER.fullmatch(line)
    return int(found[1]) if found else None


def last_filled(lines: Sequence[str]) -> int | None:
    """The index of the last line with text."""
    return next((at for at in range(len(lines) - 1, -1, -1) if lines[at].strip()), None)


def are_counted(above: Iterable[Sequence[str]]) -> bool:
    """Whether numbers above the times count the cues: above the first ones, or above most, each higher than the last.

    `above` are, for each cue, the lines between the times before it and its own.
    """
    ends = [counter(lines[at]) if (at := last_filled(lines)) is not None else None for lines in above]
    numbers = [number for number in ends if number is not None]
    if ends and ends[0] is not None:
        return True
    are_many = len(numbers) >= max(_FEWEST, _SHARE * (len(ends) - 1))
    steps = sum(later == before + 1 for before, later in pairwise(numbers))
    return are_many and mostly_rising(numbers) and steps >= _SHARE * (len(numbers) - 1)


def without_times(lines: Sequence[str], own: int | None, following: int | None) -> list[int]:
    """The indexes of lines that count cues whose times are lost: each after a blank line, and between its neighbours.

    `own` is the number of the cue whose lines these are, `following` that of the next one, None after the last.
    """
    found: list[int] = []
    latest = own
    for at, line in enumerate(lines):
        number = counter(line)
        if number is None or latest is None or (at and lines[at - 1].strip()):
            continue
        if number == latest + 1 and (following is None or number < following):
            found.append(at)
            latest = number
    return found
