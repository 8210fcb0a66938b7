"""Clocks as seconds: of cues, of lines, and times of day."""

import re
from dataclasses import dataclass

MAX_SECONDS = 100 * 3600
DAY = 24 * 3600.0
_HALF = r"(?:\s?[AaPp]\.?[Mm]\b\.?)?"
CLOCK = rf"\d{{1,4}}:\d{{2}}(?::\d{{2}}){{0,2}}(?:[.,]\d{{1,9}})?{_HALF}"
DATE = r"(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})"
_CUE_CLOCK = r"-?\d{1,4}(?:\s?:\s?\d{1,3}){1,3}(?:\s?[.,]\s?\d{1,9})?"
# Players accept arrows without spaces, of one dash, and a missing end.
_CUE = re.compile(rf"\s*(?:(\d+)\s+)?({_CUE_CLOCK})\s*[-–—=]{{1,3}}>+\s*({_CUE_CLOCK})?(?:\s+(.*)|\s*)", re.DOTALL)  # noqa: RUF001  dash
_SBV_CUE = re.compile(rf"\s*({_CUE_CLOCK.replace('[.,]', '[.]')})\s*,\s*({_CUE_CLOCK.replace('[.,]', '[.]')})\s*")
_DAY_CLOCK = re.compile(rf"(?:{DATE}(?:,\s?|T|\s))|[AaPp]\.?[Mm]")
_PARTS = re.compile(r"(\d+(?:\s?:\s?\d+)+)(?:\s?[.,]\s?(\d+))?(?:\s?([AaPp])\.?[Mm])?")
_UNIT = re.compile(r"\s*(-?\d{1,15}(?:[.,]\d+)?)\s*(ms|msec|milliseconds?|s|secs?|seconds?)?\s*")
_ISO_DURATION = re.compile(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?")


@dataclass(frozen=True, slots=True)
class CueTimes:
    """Start and end of a cue in seconds, and what else stood on its line."""

    start: float | None
    end: float | None
    rest: str


def cue_times(line: str) -> CueTimes | None:
    """The times of a WebVTT, SubRip or SBV cue; None for any other line."""
    arrow = _CUE.fullmatch(line)
    if arrow:
        return CueTimes(seconds(arrow[2]), seconds(arrow[3]) if arrow[3] else None, arrow[4] or "")
    pair = _SBV_CUE.fullmatch(line)
    return CueTimes(seconds(pair[1]), seconds(pair[2]), "") if pair else None


def seconds(clock: str) -> float:
    """Seconds of "1:02:03.5", "02:03" or "2:05 PM"; a fourth number counts frames and is ignored."""
    match = _PARTS.search(clock)
    if match is None:
        raise ValueError(clock)
    parts = [int(part) for part in match[1].split(":")]
    if match[3]:
        return _time_of_day(parts, match[3])
    hours, minutes, whole = ([0, *parts] if len(parts) < 3 else parts)[:3]  # noqa: PLR2004  hours, minutes, seconds
    total = (hours * 60 + minutes) * 60 + whole
    return (total * 1000 + round(int((match[2] or "0")[:6].ljust(6, "0")) / 1000)) / 1000


def _time_of_day(parts: list[int], half: str) -> float:
    hours, minutes, whole = [*parts, 0][:3]
    if half:
        hours = hours % 12 + (12 if half in "pP" else 0)
    return float((hours * 60 + minutes) * 60 + whole)


class DayClock:
    """Seconds since the first time of day in a file; other clocks count from the start of the session anyway."""

    def __init__(self) -> None:
        self._first: float | None = None
        self._latest = 0.0

    def seconds(self, clock: str) -> float:
        """Seconds of "14:05:33", "[2:05 PM]" or "20/11/2026, 14:05"; after midnight the next day begins."""
        if not _DAY_CLOCK.search(clock):
            return seconds(clock)
        date = re.match(rf"{DATE}(?:,\s?|T|\s)", clock)
        match = _PARTS.search(clock, date.end() if date else 0)
        if match is None:
            raise ValueError(clock)
        now = _time_of_day([int(part) for part in match[1].split(":")], match[3] or "")
        if self._first is None:
            self._first = now
        since = now - self._first
        while since < self._latest - DAY / 2:
            since += DAY
        self._latest = max(self._latest, since)
        return max(since, 0.0)
