"""Plain text: a segment starts at a clock, a label or both; prose is split into paragraphs or lines."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sessions_app.pipeline.transcripts.clock_reader import ClockReader
from sessions_app.pipeline.transcripts.dotted import with_colons
from sessions_app.pipeline.transcripts.headings import joined
from sessions_app.pipeline.transcripts.labels import Voices, tidied
from sessions_app.pipeline.transcripts.lines import Opening, labelled, opening
from sessions_app.pipeline.transcripts.service import is_service_line
from sessions_app.pipeline.transcripts.spelled import with_clocks
from sessions_app.pipeline.transcripts.times import CLOCK, seconds
from sessions_app.pipeline.transcripts.trailing import with_clocks_first
from sessions_app.pipeline.transcripts.types import Warnings
from sessions_app.pipeline.types import Segment
from therapybridge.core.errors import TooLarge

MAX_LINES = 60_000  # with text: more than people say in a day
_DASHED_SHARE = 0.6
_FEWEST_DASHES = 2
_DASH = re.compile(r"\s*[-–—]\s(?=.)")  # noqa: RUF001  dash
_INLINE_CLOCK = re.compile(rf"(?<=[.?!…»”\"。？！] )\[\s?({CLOCK})\s?\](?= ?[^\W\d_])(?! ?[a-zß-ÿ])")  # noqa: RUF001
_INLINE_LABEL = re.compile(r"(?<=[.?!…»”\"。？！])\s?([^\W\d_][^:：.?!]{0,40})[:：](?!//)")  # noqa: RUF001  other scripts


@dataclass(slots=True)
class _Turn:
    """A segment while its lines are collected."""

    label: str
    start: float | None
    end: float | None
    words: list[str]
    is_marked: bool = False  # by a label or a clock
    lone: str = ""  # the words of a line that is a label only if more words follow
    interrupted: str | None = None  # the label of the turn before this one, which a service wrote

    @property
    def resumed(self) -> str:
        """The label of words that follow without one."""
        return self.label if self.interrupted is None else self.interrupted


def parse_plain(text: str, warnings: Warnings) -> Iterator[Segment]:
    """The segments of a text file; each ends where the next one starts, unless the file says when."""
    lines = with_colons(_without_dashes(text.split("\n")))
    lines = with_clocks_first(joined(with_clocks(lines)))
    if sum(1 for line in lines if line.strip()) > MAX_LINES:
        raise TooLarge(f"The transcript has more than {MAX_LINES:,} lines of text.")
    openings = [opening(line) if line.strip() else None for line in lines]
    voices = Voices((found.candidate, found.use) for found in openings if found)
    said = [segment for turn in _turns(lines, openings, voices) for segment in _parts(turn, voices, warnings)]
    for segment, upcoming in zip(said, [*(segment.start for segment in said), None][1:], strict=True):
        is_open = segment.start is not None and segment.end is None
        yield replace(segment, end=segment.start if upcoming is None else upcoming) if is_open else segment


def _without_dashes(lines: list[str]) -> list[str]:
    """Where a dash begins most lines, it stands for the next voice."""
    dashed = sum(1 for line in lines if _DASH.match(line))
    if dashed < _FEWEST_DASHES or dashed < _DASHED_SHARE * sum(1 for line in lines if line.strip()):
        return lines
    return [_DASH.sub(">> ", line, count=1) for line in lines]


def _turns(lines: Sequence[str], openings: Sequence[Opening | None], voices: Voices) -> Iterator[_Turn]:
    read_clock = ClockReader([found for found in openings if found])
    is_by_block = _has_blocks(openings)
    turn: _Turn | None = None
    was_blank = False
    for line, found in zip(lines, openings, strict=True):
        if found is None:
            was_blank = True
            continue
        opened = _opened(found, voices, read_clock)
        if turn and (service := _service(line, turn, opened)):
            if service is not turn:
                yield turn
            turn = service
        elif opened and turn and _completes(turn, opened):
            turn.label, turn.start, turn.end = turn.label or opened.label, *_first_times(turn, opened)
            turn.words += opened.words
        elif opened is None and turn and _goes_on(turn, was_blank=was_blank, is_by_block=is_by_block):
            turn.words.append(line)
        else:
            if turn:
                yield turn
            turn = opened or _Turn(turn.resumed if turn else "", None, None, [line])
        was_blank = False
    if turn:
        yield turn


def _service(line: str, turn: _Turn, opened: _Turn | None) -> _Turn | None:
    """The turn of a line that a service wrote in between; what follows is said by whoever spoke before it."""
    words = " ".join(opened.words) if opened else line
    if opened is None and not turn.words and is_service_line(line, turn.label):
        turn.label, turn.interrupted, turn.words = "", turn.label, [line]
        return turn
    if (opened and opened.label) or not is_service_line(words):
        return None
    start, end = (opened.start, opened.end) if opened else (None, None)
    return _Turn("", start, end, [words], interrupted=turn.resumed)


def _has_blocks(openings: Sequence[Opening | None]) -> bool:
    """Whether empty lines separate parts of the text."""
    filled = [at for at, found in enumerate(openings) if found]
    return bool(filled) and filled[-1] - filled[0] + 1 > len(filled)


def _goes_on(turn: _Turn, *, was_blank: bool, is_by_block: bool) -> bool:
    """Whether a line without label and clock continues the turn; a new paragraph is a segment of its own."""
    if turn.interrupted is not None:
        return False
    return not turn.words or (not was_blank and (is_by_block or turn.is_marked))


def _completes(turn: _Turn, opened: _Turn) -> bool:
    """Whether a turn that has only a label or a clock so far gets the other one."""
    if turn.words or not turn.is_marked:
        return False
    gets_label = not turn.label and opened.label and opened.start is None
    gets_clock = turn.start is None and opened.start is not None and not opened.label
    return bool(gets_label or gets_clock)


def _first_times(turn: _Turn, opened: _Turn) -> tuple[float | None, float | None]:
    return (opened.start, opened.end) if turn.start is None else (turn.start, turn.end)


def _opened(found: Opening, voices: Voices, read_clock: ClockReader) -> _Turn | None:
    """The turn that a line starts; None for running text."""
    named = labelled(found, voices)
    has_own_clock = named is not None or not found.is_beside_label
    start, end = read_clock(found, is_labelled=named is not None) if has_own_clock else (None, None)
    if named is None and start is None and not found.is_new:
        return None
    label, words = named or ("", found.whole)
    lone = found.whole if found.use == "alone" and named else ""
    return _Turn(label, start, end, [words] if words else [], is_marked=True, lone=lone)


def _parts(turn: _Turn, voices: Voices, warnings: Warnings) -> Iterator[Segment]:
    """The segments of a turn: at every clock in square brackets and every known label after a sentence."""
    text = " ".join(" ".join(turn.words).split())
    if not text and turn.lone:
        yield Segment(0, turn.start, turn.end, turn.lone)
        return
    if not text:
        warnings.skipped += 1
        return
    label = turn.label
    for number, (start, end, piece) in enumerate(_by_inline_clock(turn, text)):
        named = labelled(opening(piece), voices) if number and piece.strip() else None
        label, words = named or (label, piece)
        for own, said in _by_inline_label(words.strip(), voices):
            label = own or label
            yield Segment(0, start, end, said, label=label)


def _by_inline_clock(turn: _Turn, text: str) -> Iterator[tuple[float | None, float | None, str]]:
    """Start, end and words up to each clock in square brackets between sentences."""
    start, end, begin = turn.start, turn.end, 0
    for found in _INLINE_CLOCK.finditer(text):
        yield start, end, text[begin : found.start()]
        start, end, begin = seconds(found[1]), None, found.end()
    yield start, end, text[begin:]


def _by_inline_label(words: str, voices: Voices) -> Iterator[tuple[str, str]]:
    label, begin = "", 0
    for found in _INLINE_LABEL.finditer(words):
        if found[1][0].isupper() and voices.is_known(found[1].strip()):
            yield label, words[begin : found.start()].strip()
            label, begin = tidied(found[1]), found.end()
    yield label, words[begin:].strip()
