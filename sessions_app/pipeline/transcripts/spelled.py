"""Times in words, as "0 minutes 3 seconds" beside a name: clocks where they head the turns, speech elsewhere."""

import re
from collections.abc import Sequence

from sessions_app.pipeline.transcripts.labels import MAX_LABEL, is_heading
from sessions_app.pipeline.transcripts.rising import mostly_rising

_HOURS = r"(?:(?P<hours>\d{1,3})\s?(?:h|hrs?|hours?|stunden?|horas?|heures?|or[ae]),?\s)?"
_MINUTES = r"(?:(?P<minutes>\d{1,3})\s?(?:m|mins?|minut(?:e[ns]?|os?|i)?),?\s)?"
_SECONDS = r"(?P<seconds>\d{1,2})\s?(?:s|secs?|seconds?|sekunden?|segundos?|secondes?|second[oi])"
# Some pages show the same time once more as a clock, directly behind the words.
_SPELLED = rf"{_HOURS}{_MINUTES}{_SECONDS}(?:\s?\d{{1,3}}(?::\d\d){{1,2}})?"
_LINE = re.compile(rf"(?:(?P<name>\S.{{0,{MAX_LABEL}}}?)\s+)??{_SPELLED}", re.IGNORECASE)
_FEWEST = 2
_HEADED = 0.6  # of the times that have a name beside them, and of the names that have a time
_LONGEST = MAX_LABEL + 60  # characters


def with_clocks(lines: Sequence[str]) -> list[str]:
    """The lines with their times in words as clocks, if these rise down the file and have names beside them."""
    result = list(lines)
    filled = [at for at, line in enumerate(lines) if line.strip()]
    found = {at: stamp for at in filled if (stamp := _stamp(lines[at]))}
    if not found or not _are_stamps(lines, filled, found):
        return result
    for at, stamp in found.items():
        clock = _seconds(stamp)
        shown = f"{clock // 3600:02}:{clock // 60 % 60:02}:{clock % 60:02}"
        result[at] = f"{stamp['name']} {shown}" if stamp["name"] else shown
    return result


def _stamp(line: str) -> re.Match[str] | None:
    text = line.strip()
    stamp = _LINE.fullmatch(text) if len(text) <= _LONGEST and any(map(str.isdigit, text)) else None
    return None if stamp and stamp["name"] and not is_heading(stamp["name"]) else stamp


def _are_stamps(lines: Sequence[str], filled: Sequence[int], found: dict[int, re.Match[str]]) -> bool:
    first = next(iter(found.values()))
    is_machine = first["minutes"] is not None and int(first["minutes"]) == 0  # nobody speaks like that
    if len(found) < _FEWEST and not is_machine:
        return False
    if not mostly_rising([_seconds(stamp) for stamp in found.values()]):
        return False
    names = {number for number, at in enumerate(filled) if at not in found and _is_name_line(lines[at].strip())}
    beside = [
        number
        for number, at in enumerate(filled)
        if at in found and (found[at]["name"] or number - 1 in names or number + 1 in names)
    ]
    bare = sum(not stamp["name"] for stamp in found.values())
    return len(beside) >= _HEADED * len(found) and bare >= _HEADED * len(names) * bool(bare)


def _is_name_line(line: str) -> bool:
    """Whether it is a name alone; what follows a colon is speech."""
    return line[-1:] not in {":", "："} and is_heading(line)  # noqa: RUF001  fullwidth


def _seconds(stamp: re.Match[str]) -> int:
    return (int(stamp["hours"] or 0) * 60 + int(stamp["minutes"] or 0)) * 60 + int(stamp["seconds"])
