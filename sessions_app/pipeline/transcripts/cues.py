"""Subtitles: WebVTT, SubRip and SBV, read as leniently as players do."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sessions_app.pipeline.transcripts.clean import cleaned
from sessions_app.pipeline.transcripts.counters import are_counted, counter, last_filled, without_times
from sessions_app.pipeline.transcripts.labels import Voices, tidied
from sessions_app.pipeline.transcripts.lines import labelled, opening, voices_of
from sessions_app.pipeline.transcripts.markup import VOICE, unescaped, untagged
from sessions_app.pipeline.transcripts.service import is_service_line
from sessions_app.pipeline.transcripts.times import CueTimes, cue_times, start_of
from sessions_app.pipeline.transcripts.types import Warnings
from sessions_app.pipeline.types import Segment

_COMMENT = re.compile(r"(?:NOTE|STYLE|REGION)(?:\s|$)")
_SETTINGS = re.compile(r"(?:(?:vertical|line|position|size|align|region|[XY][12]):\S*\s*)*", re.IGNORECASE)
# A number before the arrow, or a clock behind it.
_BROKEN_TIMES = re.compile(r"\s*(?:[\d:.,\w]{0,16}\d[\d:.,\w]{0,16}\s*--+>|[^\s>]{0,16}\s*(?:-+>|→)\s*\d{1,3}:\d\d)")
_LONE_CLOCK = re.compile(r"\s*(\d{1,3}(?:[:.]\d{2}){1,2}[.,]\d{1,3})\s*")
_NAMED_ID = re.compile(r'\s*\d+\s+"([^"]{1,64})"\s*(?:\(\d+\))?\s*')
_SENTENCE_END = re.compile(r"[.?!…。？！؟]\s*$")  # noqa: RUF001  marks of other scripts
_MAX_ID_WORDS = 3
_DASH = re.compile(r"\s*[-–—‐]\s*(?=\S)")  # noqa: RUF001  dash
_NEXT_VOICE = "\n"
_FEWEST_DASHES = 2
_FEWEST_ROLLING = 3
_ROLLING_SHARE = 0.6
_ASS_BREAK = re.compile(r"\\[Nn](?![a-z])")


@dataclass(slots=True)
class _Cue:
    """A cue and the lines up to the next one; start is None for text before the first cue and after broken times."""

    start: float | None
    end: float | None
    lines: list[str]
    label: str = ""
    number: int | None = None


def has_cues(text: str) -> bool:
    """Whether any line holds the times of a cue."""
    return any(cue_times(line) is not None for line in text.split("\n"))


def parse_cues(text: str, warnings: Warnings) -> Iterator[Segment]:
    """The segments of all cues. Text after an empty line belongs to the cue before it."""
    is_vtt = text.lstrip()[:6].upper() == "WEBVTT"
    cues = _cues(text.lstrip().split("\n"), warnings, is_vtt=is_vtt)
    warnings.skipped += sum(1 for cue in cues if not any(line.strip() for line in cue.lines))
    _unroll(cues)
    payloads = [_ASS_BREAK.sub("\n", "\n".join(line for line in cue.lines if line.strip())) for cue in cues]
    voices = voices_of(line for payload in payloads for line in untagged(VOICE.sub("\n", payload)).split("\n"))
    for cue, payload in zip(cues, payloads, strict=True):
        for label, words in _spoken(payload, voices):
            yield Segment(0, cue.start, cue.end, words, label=label or cue.label)


def _unroll(cues: Sequence[_Cue]) -> None:
    """Automatic captions show the line before again above each new one: remove what scrolls, if it always does."""
    shown = [[words for line in cue.lines if (words := " ".join(untagged(line).split()))] for cue in cues]
    repeats = [bool(now and before and now[0] == before[-1]) for before, now in pairwise(shown)]
    if len(repeats) < _FEWEST_ROLLING or sum(repeats) < _ROLLING_SHARE * len(repeats):
        return
    # People repeat themselves, too, but scrolling text adds a line to what it repeats.
    added = sum(is_repeated and len(now) > 1 for is_repeated, now in zip(repeats, shown[1:], strict=True))
    if 3 * added < sum(repeats):
        return
    for cue, now, is_repeated in zip(cues[1:], shown[1:], repeats, strict=True):
        cue.lines = now[1:] if is_repeated else now


def _cues(lines: list[str], warnings: Warnings, *, is_vtt: bool) -> list[_Cue]:
    starts = [at for at, line in enumerate(lines) if _is_timing(line)]
    before = lines[1 if is_vtt else 0 : starts[0] if starts else None]
    cues = [_Cue(None, None, _without_header(before) if is_vtt else before)]
    for at, following in zip(starts, [*starts, len(lines)][1:], strict=True):
        cues.append(_timed(lines[at], lines[at + 1 : following], warnings))
    is_numbered = are_counted([before, *(cue.lines for cue in cues[1:-1])])
    for cue, upcoming in pairwise(cues):
        upcoming.label, upcoming.number = _take_id(cue.lines, is_vtt=is_vtt, is_numbered=is_numbered)
    if not is_vtt:
        cues = [part for cue, upcoming in zip(cues, [*cues[1:], None], strict=True) for part in _apart(cue, upcoming)]
    for cue in cues if is_vtt else ():
        cue.lines = list(_without_comments(cue.lines))
    return cues if any(line.strip() for line in cues[0].lines) else cues[1:]


def _apart(cue: _Cue, upcoming: _Cue | None) -> Iterator[_Cue]:
    """The cue, and those whose times are lost, which are known by their numbers."""
    ends = without_times(cue.lines, cue.number, upcoming.number if upcoming else None)
    lines = cue.lines
    cue.lines = lines[: ends[0]] if ends else lines
    yield cue
    for at, end in pairwise([*ends, len(lines)]):
        clock = _LONE_CLOCK.fullmatch(lines[at + 1]) if at + 1 < end else None
        rest = lines[at + (2 if clock else 1) : end]
        if any(line.strip() for line in rest):
            yield _Cue(start_of(clock[1]) if clock else None, None, rest, number=counter(lines[at]))


def _is_timing(line: str) -> bool:
    return cue_times(line) is not None or _BROKEN_TIMES.match(line) is not None


def _timed(line: str, body: list[str], warnings: Warnings) -> _Cue:
    times = cue_times(line)
    if times and times.start is not None and times.end is not None and times.end < times.start:
        warnings.times += 1
    times = times or CueTimes(None, None, "")
    return _Cue(times.start, times.end, body if _SETTINGS.fullmatch(times.rest) else [times.rest, *body])


def _without_header(lines: list[str]) -> list[str]:
    """What follows the header block of WebVTT, which ends at an empty line."""
    return lines[next((at for at, line in enumerate(lines) if not line.strip()), len(lines)) :]


def _take_id(lines: list[str], *, is_vtt: bool, is_numbered: bool) -> tuple[str, int | None]:
    """Remove the identifier of the next cue from the end of these lines; the name and the number in it, if any."""
    at = last_filled(lines)
    if at is None:
        return "", None
    line = lines[at]
    named, number = _NAMED_ID.fullmatch(line), counter(line)
    is_own_block = at == 0 or not lines[at - 1].strip()
    is_above_times = is_own_block and at == len(lines) - 1
    is_id = is_vtt and is_above_times and _is_identifier(line)
    is_number = number is not None and (is_numbered or (is_above_times and at > 0))
    if named or is_id or is_number:
        del lines[at:]
    return tidied(named[1]) if named else "", number if is_number else None


def _is_identifier(line: str) -> bool:
    return len(line.split()) <= _MAX_ID_WORDS and _SENTENCE_END.search(line) is None


def _without_comments(lines: list[str]) -> Iterator[str]:
    is_comment, was_blank = False, True
    for line in lines:
        is_blank = not line.strip()
        is_comment = not is_blank and (is_comment or (was_blank and _COMMENT.match(line) is not None))
        was_blank = is_blank
        if not is_comment:
            yield line


def _spoken(payload: str, voices: Voices) -> Iterator[tuple[str, str]]:
    """Label and words of each voice in a cue: by voice tags, else by the labels of its lines."""
    if payload.startswith("{") and (described := _described(payload)):
        yield described
        return
    before, *spans = VOICE.split(payload)
    yield from _by_line(_words(before), voices)
    for name, span in zip(spans[::2], spans[1::2], strict=True):
        if name:
            yield tidied(unescaped(name)), _words(span)
        else:
            yield from _by_line(_words(span), voices)


def _described(payload: str) -> tuple[str, str] | None:
    """Speaker and words of a cue that is an object of JSON, as Teams writes its metadata."""
    try:
        content = json.loads(payload)
    except (ValueError, RecursionError):
        return None
    words = content.get("spokenText")
    return (tidied(str(content.get("speakerName") or "")), cleaned(words)) if isinstance(words, str) else None


def _words(text: str) -> str:
    return cleaned(unescaped(untagged(text)))


def _is_alone(line: str) -> bool:
    """Whether a line could be a label only by what follows it."""
    return opening(line).use == "alone"


def _without_dashes(lines: list[str]) -> list[str]:
    """Mark the lines of several voices, each of which begins with a dash."""
    dashed = [_DASH.match(line) for line in lines]
    if sum(map(bool, dashed)) < _FEWEST_DASHES or not dashed[0]:
        return lines
    return [_NEXT_VOICE + line[dash.end() :] if dash else line for line, dash in zip(lines, dashed, strict=True)]


def _by_line(text: str, voices: Voices) -> Iterator[tuple[str, str]]:
    label, words = "", []
    lines = _without_dashes(text.split("\n"))
    for line in lines:
        found = (
            labelled(opening(line), voices) if line.strip() and (line is not lines[-1] or not _is_alone(line)) else None
        )
        is_service = found is None and is_service_line(line)
        if found is None and not is_service and not line.startswith(_NEXT_VOICE):
            words.append(line)
            continue
        yield label, " ".join(words)
        if is_service:
            yield "", line
            words = []
            continue
        found = found or ("", line.removeprefix(_NEXT_VOICE))
        label, words = found[0], [found[1]]
    yield label, " ".join(words)
