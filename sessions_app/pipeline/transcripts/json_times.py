"""Times in JSON: clocks, durations, dates, and numbers whose unit follows from how fast people speak."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import isfinite
from statistics import median
from typing import Any

from sessions_app.pipeline.transcripts import times
from sessions_app.pipeline.transcripts.json_shapes import unit_of

_CLOCK = re.compile(r"-?\d{1,4}(?::\d{1,2}){1,3}(?:[.,]\d{1,9})?")
_DATED = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*")
_NUMBER = re.compile(r"(-?\d{1,20}(?:\.\d{1,12})?)\s*(ms|s)?")
_DURATION = re.compile(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?")
# Per word, of the usual 0.4 seconds: above these it is the next smaller unit.
_UNITS = ((40, 1.0), (2e4, 1e-3), (2e7, 1e-6))
_NANO = 1e-9
OTTER_RATE = 16_000  # of audio samples, which Otter counts


@dataclass(frozen=True, slots=True)
class RawTime:
    """A number as it stood in the file; its unit in seconds, if that was said."""

    value: float
    unit: float | None


def raw_time(value: Any, key: str) -> RawTime | None:
    """The time in a value; None if there is none. Raises ValueError or TypeError if it is not one."""
    if value is None or value == "":
        return None
    if isinstance(value, dict):
        return RawTime(float(value.get("seconds") or 0) + float(value.get("nanos") or 0) * _NANO, 1.0)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise TypeError(value)
    if isinstance(value, str):
        return _written(value.strip(), key)
    if not isfinite(value) or abs(value) > 1e20:  # noqa: PLR2004  beyond any date in nanoseconds
        raise ValueError(value)
    return RawTime(float(value), unit_of(key))


def _written(value: str, key: str) -> RawTime:
    if _CLOCK.fullmatch(value):
        return RawTime(times.seconds(value), 1.0)
    if _DATED.fullmatch(value):
        return RawTime(datetime.fromisoformat(_short_fraction(value)).timestamp(), 1.0)
    number = _NUMBER.fullmatch(value)
    if number:
        said = {"ms": 1e-3, "s": 1.0}.get(number[2] or "")
        return RawTime(float(number[1]), said or unit_of(key) or (1.0 if "." in value else None))
    length = _DURATION.fullmatch(value)
    if length and value != "PT":
        hours, minutes, seconds = (float(part or 0) for part in length.groups())
        return RawTime((hours * 60 + minutes) * 60 + seconds, 1.0)
    raise ValueError(value)


def _short_fraction(date: str) -> str:
    """Microseconds are all that Python reads."""
    return re.sub(r"(\.\d{6})\d+", r"\1", date)


def guessed_unit(spans: Sequence[tuple[RawTime | None, RawTime | None, int]]) -> float:
    """Seconds in the unit of numbers without one, from (start, end, words) of all entries."""
    numbers = [time.value for span in spans for time in span[:2] if time and time.unit is None]
    if any(not value.is_integer() for value in numbers):
        return 1.0
    per_word = [
        (end.value - start.value) / words
        for start, end, words in spans
        if start and end and words and start.unit is None and end.unit is None
    ]
    typical = median(per_word) if per_word else _overall(numbers, sum(words for *_, words in spans))
    return next((unit for most, unit in _UNITS if typical < most), _NANO)


def _overall(numbers: Iterable[float], words: int) -> float:
    values = list(numbers)
    return (max(values) - min(values)) / max(words, 1) if values else 0.0
