"""The lines of a transcription reply: times in any unit, gaps in them, and words that were never spoken."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sessions_app.pipeline.engines.lenient import finite
from sessions_app.pipeline.types import RawSegment

# Whisper works in windows of 30 s, so that its times may lie after the end of the audio.
OVERSHOOT = 30.0
UNITS = (1.0, 1e3, 1e6, 1e9)  # seconds, milli-, micro- and nanoseconds
# The rule by which Whisper itself takes a window for silence.
NO_SPEECH = 0.6
UNSURE = -1.0


@dataclass(frozen=True, slots=True)
class _Times:
    start: float | None
    end: float | None


def heard(entries: Sequence[Mapping[str, Any]], seconds: float) -> tuple[list[RawSegment], int]:
    """The spoken lines of `seconds` of audio, and how many were left out because the engine heard no speech in them."""
    said = [entry for entry in entries if isinstance(entry.get("text"), str) and entry["text"].strip()]
    spoken = [entry for entry in said if not _is_invented(entry)]
    times = _filled(_in_seconds(spoken, seconds), seconds)
    return [_line(entry, at) for entry, at in zip(spoken, times, strict=True)], len(said) - len(spoken)


def _is_invented(entry: Mapping[str, Any]) -> bool:
    silence, certainty = finite(entry.get("no_speech_prob")), finite(entry.get("avg_logprob"))
    return silence is not None and silence > NO_SPEECH and (certainty is None or certainty < UNSURE)


def _in_seconds(entries: Sequence[Mapping[str, Any]], seconds: float) -> list[_Times]:
    """None for times that are in no unit we know: a wrong place is worse than none."""
    raw = [(finite(entry.get("start")), finite(entry.get("end"))) for entry in entries]
    latest = max((time for pair in raw for time in pair if time is not None), default=0.0)
    unit = next((unit for unit in UNITS if latest / unit <= seconds + OVERSHOOT), None)
    if unit is None:
        return [_Times(None, None) for _ in raw]
    return [_Times(*(None if time is None else min(max(time / unit, 0.0), seconds) for time in pair)) for pair in raw]


def _filled(times: Sequence[_Times], seconds: float) -> list[_Times]:
    """A missing time lies between its neighbours; without any, there are none."""
    if all(at.start is None and at.end is None for at in times):
        return list(times)
    filled, earliest = [], 0.0
    for number, at in enumerate(times):
        start = earliest if at.start is None else at.start
        following = next((later.start for later in times[number + 1 :] if later.start is not None), seconds)
        end = following if at.end is None else at.end
        filled.append(_Times(start, max(start, end)))
        earliest = max(start, end)
    return filled


def _line(entry: Mapping[str, Any], at: _Times) -> RawSegment:
    speaker, certainty = entry.get("speaker"), finite(entry.get("avg_logprob"))
    label = None if speaker is None or isinstance(speaker, bool | dict | list) else str(speaker)
    confidence = None if certainty is None else math.exp(min(certainty, 0.0))
    return RawSegment(entry["text"].strip(), at.start, at.end, label, confidence)
