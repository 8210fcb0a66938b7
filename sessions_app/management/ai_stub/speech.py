"""The stub's transcription: real times of the loud spans, with invented or given words."""

import hashlib
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sessions_app.pipeline.audio.decode import RATE

FRAME_SECONDS = 0.02
PAUSE_SECONDS = 0.3  # a shorter silence stays inside a span
SHORTEST_SPAN = 0.1
TOLERANCE = 0.15  # seconds between the edge of a span and the edge of a line in the truth file
QUIETEST = 0.003  # of full scale
UNIT = 32768.0
SENTENCES = (
    "I have been sleeping a little better since we last spoke.",
    "How did the breathing exercise go for you this week?",
    "I tried it twice before the meeting and my heart slowed down.",
    "What went through your mind just before you felt that way?",
    "I keep thinking that everybody at work is waiting for me to fail.",
    "Let us look at the evidence for that thought together.",
    "When my sister called I felt guilty again for not visiting.",
    "It sounds as if you were very hard on yourself there.",
    "I went for a walk instead of staying in bed, like we planned.",
    "What would you say to a friend in the same situation?",
    "I am worried about the appointment on Thursday.",
    "For next week, would you write down one worry each evening?",
    "Some days I feel hopeful, and then it drops again.",
    "We can practice the grounding exercise now if you like.",
    "I noticed that I was tense the moment I opened the mail.",
    "You noticed it early this time, and that is new.",
)


@dataclass(frozen=True)
class Line:
    """A spoken line; times in seconds from the start of the chunk (in a truth file, of the recording)."""

    start: float
    end: float
    text: str
    speaker: str


def transcribed(pcm: bytes, truth: Sequence[Line]) -> list[Line]:
    """The lines of one chunk: from the truth file where its times fit, else sentences derived from the audio."""
    samples = np.frombuffer(pcm, dtype=np.int16)
    spans = loud_spans(samples)
    lines = _placed(spans, truth, len(samples) / RATE)
    total = sum(end - start for start, end in spans)
    if sum(line.end - line.start for line in lines) >= total / 2:
        return lines
    return [_line(samples, start, end, truth) for start, end in spans]


def loud_spans(samples: NDArray[np.int16]) -> list[tuple[float, float]]:
    """(start, end) in seconds of everything within 20 dB of the loud parts, short pauses bridged."""
    size = int(RATE * FRAME_SECONDS)
    frames = samples[: len(samples) // size * size].reshape(-1, size).astype(np.float64) / UNIT
    if not len(frames):
        return []
    level = np.sqrt((frames**2).mean(axis=1))
    is_loud = level > max(QUIETEST, float(np.percentile(level, 95)) / 10)
    edges = np.flatnonzero(np.diff(np.concatenate(([False], is_loud, [False])).astype(np.int8)))
    spans: list[tuple[float, float]] = []
    for start, end in (edges.reshape(-1, 2) * FRAME_SECONDS).tolist():
        if spans and start - spans[-1][1] < PAUSE_SECONDS:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return [(start, end) for start, end in spans if end - start >= SHORTEST_SPAN]


def _line(samples: NDArray[np.int16], start: float, end: float, truth: Sequence[Line]) -> Line:
    """A line of the same duration, or a sentence that depends only on the audio."""
    nearest = min(truth, key=lambda line: abs((line.end - line.start) - (end - start)), default=None)
    if nearest and abs((nearest.end - nearest.start) - (end - start)) <= TOLERANCE:
        return Line(start, end, nearest.text, nearest.speaker)
    sound = samples[int(start * RATE) : int(end * RATE)].tobytes()
    number = hashlib.sha256(sound).digest()[0] % len(SENTENCES)
    return Line(start, end, SENTENCES[number], "AB"[number % 2])


def _placed(spans: Sequence[tuple[float, float]], truth: Sequence[Line], seconds: float) -> list[Line]:
    """The part of the truth file that fits the spans best, shifted to the chunk's clock."""
    starts, ends = sorted(start for start, _ in spans), sorted(end for _, end in spans)
    shifts = [line.start - start for start in starts[:3] for line in truth]
    found: list[Line] = []
    best = (0, 0.0)
    for shift in shifts:
        lines, misfit = _explained(starts, ends, truth, shift, seconds)
        if (len(lines), -misfit) > best:
            found, best = lines, (len(lines), -misfit)
    return found


def _explained(
    starts: Sequence[float], ends: Sequence[float], truth: Sequence[Line], shift: float, seconds: float
) -> tuple[list[Line], float]:
    lines, misfit = [], 0.0
    for line in truth:
        start, end = line.start - shift, min(line.end - shift, seconds)
        if start < -TOLERANCE or start >= seconds:
            continue
        off = max(_distance(starts, start), _distance(ends, end))
        if off <= TOLERANCE:  # a line that was cut belongs to the chunk in which it begins
            lines.append(Line(max(start, 0.0), end, line.text, line.speaker))
            misfit += off
    return lines, misfit


def _distance(edges: Sequence[float], moment: float) -> float:
    place = bisect_left(edges, moment)
    return min((abs(edge - moment) for edge in edges[max(place - 1, 0) : place + 1]), default=TOLERANCE * 2)
