"""Which clocks at the starts of lines are the file's own; others were said, as in "10:30 I took the bus"."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from sessions_app.pipeline.transcripts.lines import Opening, is_sure_clock
from sessions_app.pipeline.transcripts.times import DATE, DayClock, seconds

_BARE_SHARE = 0.3
_FEWEST_BARE = 2
_DATED = re.compile(DATE)
_HALF = re.compile(r"[AaPp]\.?[Mm]\b")
_HOURS = 3  # numbers of a clock that has hours


class _Kind(NamedTuple):
    """How a clock is written; `is_bare` without brackets, None beside a label."""

    numbers: int
    has_half: bool
    has_date: bool
    is_bare: bool | None


class ClockReader:
    """Reads the clocks of a file. Those without brackets count if they are unmistakable or start many lines.

    Among clocks of one kind, a single one of another kind is speech, unless the hours have begun to be written.
    """

    def __init__(self, openings: Sequence[Opening]) -> None:
        stamped = [found for found in openings if found.start]
        self._kinds = Counter(map(_kind, stamped))
        self._main = self._kinds.most_common(1)[0][0] if stamped else None
        self._is_lonely = len(stamped) == 1 and stamped[0].whole[:1].islower()  # a clock in a sentence that was wrapped
        bare = sum(count for kind, count in self._kinds.items() if kind.is_bare)
        self._trusts_bare = bare >= max(_FEWEST_BARE, _BARE_SHARE * len(openings))
        self._day = DayClock(next((found.start for found in stamped if _kind(found) == self._main), ""))
        self._latest: float | None = None
        self._has_hours = False

    def __call__(self, found: Opening, *, is_labelled: bool) -> tuple[float | None, float | None]:
        """Start and end of a line in seconds, None for what is no clock."""
        is_stamp = not self._is_lonely and not self._is_foreign(found) and self._is_trusted(found)
        if not found.start or not (is_labelled or is_stamp):
            return None, None
        start = self._day.seconds(found.start)
        self._latest, self._has_hours = start, self._has_hours or _kind(found).numbers >= _HOURS
        return start, self._day.seconds(found.end) if found.end else None

    def _is_trusted(self, found: Opening) -> bool:
        return self._trusts_bare or is_sure_clock(found)

    def _is_foreign(self, found: Opening) -> bool:
        if not found.start or not found.is_bare or self._main is None:
            return False
        own, main = _kind(found), self._main
        if own == main or self._kinds[own] >= self._kinds[main]:
            return False
        if not found.whole and own.numbers == main.numbers:
            return False
        if main.is_bare is False or own[1:3] != main[1:3]:
            return True
        return own.numbers != main.numbers and not self._goes_past_an_hour(found, own.numbers)

    def _goes_past_an_hour(self, found: Opening, numbers: int) -> bool:
        """Whether the number of hours was only left out before the first, as 59:58 comes before 1:00:02."""
        if numbers < _HOURS:
            return not self._has_hours
        return self._latest is None or 0 <= seconds(found.start) - self._latest <= 60 * 60


def _kind(found: Opening) -> _Kind:
    clock = _DATED.sub("", found.start)
    has_date, has_half = clock != found.start, _HALF.search(clock) is not None
    return _Kind(clock.count(":") + 1, has_half, has_date, None if found.is_beside_label else found.is_bare)
