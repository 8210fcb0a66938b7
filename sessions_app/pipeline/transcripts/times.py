"""Clocks as seconds: of cues, of lines, and times of day."""

import re
from dataclasses import dataclass

MAX_SECONDS = 1000 * 3600  # the clocks of recorders may run on for weeks
DAY = 24 * 3600.0
_HALF = r"(?:\s?[AaPp]\.?[Mm]\b\.?)?"
_DIGITS = r"\d{1,4}[:：]\d{2}(?:[:：]\d{2}){0,2}(?:[.,;]\d{1,9})?"  # noqa: RUF001  fullwidth
CLOCK = rf"(?:{_DIGITS}{_HALF}|(?:\d{{1,3}}h)?\d{{1,3}}m\d{{1,2}}s)"
DATE = r"(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})"
_CUE_CLOCK = r"-?\d{1,4}(?:\s?:\s?\d{1,3}){1,3}(?:\s?[.,;]\s?\d{1,9})?"
# Players accept arrows without spaces, of one dash, and a missing end.
_ARROW = r"(?:[-–—=]{1,3}>+|[→⇒➔➜])"  # noqa: RUF001  dash
# With dots for colons: only before the arrow of a subtitle, as dates look the same.
_DOTTED = r"\d{1,3}(?:\.[0-5]\d){1,2}[.,;]\d{3}|\d{1,3}(?:\.[0-5]\d){2}"
_DOTTED_CUE = re.compile(rf"\s*({_DOTTED})\s*--+>\s*({_DOTTED})?(?:\s+(.*)|\s*)", re.DOTALL)
_CUE = re.compile(rf"\s*(?:(\d+)\s+)?({_CUE_CLOCK})\s*{_ARROW}\s*({_CUE_CLOCK})?(?:\s+(.*)|\s*)", re.DOTALL)
_SBV_CUE = re.compile(rf"\s*({_CUE_CLOCK.replace('[.,;]', '[.]')})\s*,\s*({_CUE_CLOCK.replace('[.,;]', '[.]')})\s*")
_DAY_CLOCK = re.compile(rf"(?:{DATE}(?:,\s?|T|\s))|[AaPp]\.?[Mm]")
_PARTS = re.compile(r"(\d+(?:\s?:\s?\d+)+)(?:\s?[.,;]\s?(\d+))?(?:\s?([AaPp])\.?[Mm])?")
_IN_WORDS = re.compile(r"(?:(\d+)h)?(\d+)m(\d+)s")
_LONGEST_SESSION = 4 * 3600  # seconds; a first clock beyond it is a time of day
_PLAIN_DAY_CLOCK = re.compile(r"\d{1,2}:\d\d:\d\d")


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
    dotted = _DOTTED_CUE.fullmatch(line)
    if dotted:
        start, end = (start_of(clock) if clock else None for clock in dotted.groups()[:2])
        return CueTimes(start, end, dotted[3] or "")
    pair = _SBV_CUE.fullmatch(line)
    return CueTimes(seconds(pair[1]), seconds(pair[2]), "") if pair else None


def start_of(clock: str) -> float:
    """Seconds of a cue's clock, which may have dots for colons."""
    return seconds(clock if ":" in clock else _colons(clock))


def _colons(clock: str) -> str:
    """A clock with dots as one with colons; a last number of three digits counts thousandths."""
    *parts, last = re.split("[.,;]", clock)
    is_fraction = len(last) == 3  # noqa: PLR2004  digits
    return f"{':'.join(parts)}.{last}" if is_fraction else ":".join([*parts, last])


def seconds(clock: str) -> float:
    """Seconds of "1:02:03.5", "02:03" or "2:05 PM"; a fourth number counts frames and is ignored."""
    match = _PARTS.search(clock.replace("：", ":"))  # noqa: RUF001  fullwidth
    if match is None:
        return _in_words(clock)
    parts = [int(part) for part in match[1].split(":")]
    if match[3]:
        return _time_of_day(parts, match[3])
    hours, minutes, whole = ([0, *parts] if len(parts) < 3 else parts)[:3]  # noqa: PLR2004  hours, minutes, seconds
    total = (hours * 60 + minutes) * 60 + whole
    return (total * 1000 + round(int((match[2] or "0")[:6].ljust(6, "0")) / 1000)) / 1000


def _in_words(clock: str) -> float:
    match = _IN_WORDS.search(clock)
    if match is None:
        raise ValueError(clock)
    return float((int(match[1] or 0) * 60 + int(match[2])) * 60 + int(match[3]))


def is_time_of_day(first: str) -> bool:
    """Whether the first clock of a file, as "14:05:01", is too late to count from the start of a session."""
    return _PLAIN_DAY_CLOCK.fullmatch(first) is not None and _LONGEST_SESSION < seconds(first) < DAY


def _time_of_day(parts: list[int], half: str) -> float:
    hours, minutes, whole = [*parts, 0][:3]
    if half:
        hours = hours % 12 + (12 if half in "pP" else 0)
    return float((hours * 60 + minutes) * 60 + whole)


class DayClock:
    """Seconds since the first time of day in a file; other clocks count from the start of the session anyway."""

    def __init__(self, first: str = "") -> None:
        self._is_always = is_time_of_day(first)
        self._first: float | None = None
        self._latest = 0.0

    def seconds(self, clock: str) -> float:
        """Seconds of "14:05:33", "[2:05 PM]" or "20/11/2026, 14:05"; after midnight the next day begins."""
        if not self._is_always and not _DAY_CLOCK.search(clock):
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
