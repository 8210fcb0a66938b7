"""Clocks at the ends of lines, as "Good morning. 00:01:12": put first, where the lines show that they are clocks."""

import re
from collections import Counter
from collections.abc import Sequence

from sessions_app.pipeline.transcripts.labels import is_heading
from sessions_app.pipeline.transcripts.rising import mostly_rising
from sessions_app.pipeline.transcripts.times import CLOCK, seconds

_TAIL = re.compile(rf"(?:(?P<open>[\[(])\s?|(?<=\s))(?P<clock>{CLOCK})\s?(?(open)[\])])\s*$")
_HEAD = re.compile(rf"\s*[\[(]?\s?{CLOCK}")
_LONGEST = 40  # characters of a clock
_SENTENCE_END = re.compile(r"[.?!…»”\"'。？！)\]]\s*$")  # noqa: RUF001  marks of other scripts
_SURE = re.compile(r"\d+:\d\d:\d\d")
_FEWEST = 2
_FEWEST_SHORT = 3  # of clocks that might be times of day in a sentence
_SHARE = 0.4  # of the lines with text, as a label may have a line of its own


def with_clocks_first(lines: Sequence[str]) -> list[str]:
    """The lines with the clocks at their ends first, if clocks of one shape end most sentences and rise."""
    found = {at: tail for at, line in enumerate(lines) if (tail := _tail(line))}
    result = list(lines)
    if not found:
        return result
    shape, uses = Counter(map(_shape, found.values())).most_common(1)[0]
    tails = {at: tail for at, tail in found.items() if _shape(tail) == shape}
    filled = sum(1 for line in lines if line.strip())
    fewest = _FEWEST if any(shape) else _FEWEST_SHORT
    if uses < max(fewest, _SHARE * filled) or not mostly_rising([seconds(tail["clock"]) for tail in tails.values()]):
        return result
    for at, tail in tails.items():
        result[at] = f"[{tail['clock']}] {lines[at][: lines[at].rindex(tail[0])].rstrip()}"
    return result


def _tail(line: str) -> re.Match[str] | None:
    tail = _TAIL.search(line[-_LONGEST:])
    if tail is None:
        return None
    words = line[: len(line) - len(line[-_LONGEST:]) + tail.start()].strip()
    is_said = bool(words) and _HEAD.match(words) is None and not is_heading(words.rstrip(":：-–— "))  # noqa: RUF001
    return tail if is_said and (tail["open"] or _SENTENCE_END.search(words)) else None


def _shape(tail: re.Match[str]) -> tuple[bool, bool]:
    """Whether it has hours, and whether it has brackets."""
    return _SURE.match(tail["clock"]) is not None, bool(tail["open"])
