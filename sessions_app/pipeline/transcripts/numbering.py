"""Order, times and numbers of the segments that a reader found."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import isfinite

from sessions_app.pipeline.text.matching import fold, printable
from sessions_app.pipeline.transcripts.times import MAX_SECONDS
from sessions_app.pipeline.transcripts.types import Warnings, empty
from sessions_app.pipeline.types import Segment
from therapybridge.core.errors import TooLarge

MAX_SEGMENTS = 20_000
_MINORITY = 0.5  # share of entries without a time below which they are given one


def numbered(found: Iterable[Segment], warnings: Warnings, *, in_file_order: bool) -> list[Segment]:
    """Segments with words, in order and numbered from 0; raises TooLarge and Unprocessable.

    Plain text keeps the order of its lines; in all other formats the times decide.
    """
    spoken = _spoken(found, warnings)
    if not any(fold(segment.text) for segment in spoken):
        raise empty()
    ordered = _never_back(spoken, warnings) if in_file_order else _by_time(_timed(spoken, warnings))
    return [replace(segment, index=index, end=_end(segment)) for index, segment in enumerate(ordered)]


def _spoken(found: Iterable[Segment], warnings: Warnings) -> list[Segment]:
    spoken: list[Segment] = []
    for segment in found:
        if words := printable(segment.text):
            start, end = _possible(segment.start, warnings), _possible(segment.end, warnings)
            spoken.append(replace(segment, text=words, start=start, end=end))
        if len(spoken) > MAX_SEGMENTS:
            raise TooLarge(f"The transcript has more than {MAX_SEGMENTS:,} lines.")
    return spoken


def _possible(time: float | None, warnings: Warnings) -> float | None:
    if time is None or (isfinite(time) and abs(time) <= MAX_SECONDS):
        return None if time is None else max(time, 0.0)
    warnings.times += 1
    return None


def _end(segment: Segment) -> float | None:
    if segment.start is None:
        return None
    return segment.start if segment.end is None else max(segment.start, segment.end)


def _timed(spoken: Sequence[Segment], warnings: Warnings) -> list[Segment]:
    """Give the few entries without a time one between their neighbours; without most times, leave them as they are."""
    missing = sum(segment.start is None for segment in spoken)
    if not 0 < missing < _MINORITY * len(spoken) + 0.5 or missing == len(spoken):
        return list(spoken)
    warnings.times += missing
    latest = 0.0
    timed: list[Segment] = []
    for segment in spoken:
        start = latest if segment.start is None else segment.start
        timed.append(replace(segment, start=start))
        latest = max(start, segment.end or start)
    return timed


def _by_time(spoken: Sequence[Segment]) -> list[Segment]:
    """Sorted by start; a segment without a time stays behind the one before it."""
    keys: list[float] = []
    for segment in spoken:
        keys.append(segment.start if segment.start is not None else keys[-1] if keys else 0.0)
    return [spoken[at] for at in sorted(range(len(spoken)), key=keys.__getitem__)]


def _never_back(spoken: Sequence[Segment], warnings: Warnings) -> list[Segment]:
    latest = 0.0
    result: list[Segment] = []
    for segment in spoken:
        if segment.start is not None:
            warnings.times += segment.start < latest
            latest = max(segment.start, latest)
            result.append(replace(segment, start=latest))
        else:
            result.append(segment)
    return result
