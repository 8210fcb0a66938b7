"""Checks around the model: engines invent text for silence and repeat themselves in noise."""

import re
from collections.abc import Sequence

import numpy as np

from sessions_app.pipeline.types import Segment, SplitResult
from therapybridge.core.errors import Unprocessable

MIN_SPEECH_SECONDS = 1.0
MAX_TONAL_SHARE = 0.6  # speech measures about 0.05 to 0.2
MIN_WORDS_PER_MINUTE = 10  # slow speech has 60 and more
JUDGED_SECONDS = 30  # shorter recordings may contain only one word
JUDGED_WORDS = 24
MIN_AGREEMENT = 0.43  # see engines/second_listen.py for what English and other languages reach
COMPARED_WORDS = 12
LONGEST_LOOP = 80  # words that fit into the 30 s window of an engine
LOOP_REPEATS = 4
MAX_LOOPED_SHARE = 0.5
_WORD = re.compile(r"[\w'\u2019]+")


def before_model(split: SplitResult) -> None:
    """Refuse a recording without speech before it is sent to an engine; raises `no_speech` (422)."""
    if split.tonal_share > MAX_TONAL_SHARE:
        raise _no_speech("The recording contains a tone but no speech.")
    if split.speech_seconds < MIN_SPEECH_SECONDS:
        raise _no_speech("No speech was found in the recording.")


def after_transcript(segments: Sequence[Segment], duration: float) -> None:
    """Refuse an implausible transcript; `duration` is seconds of speech (or of recording).

    Raises 422 `no_speech` (fewer than 10 words a minute) or `looped_text` (half of the words are one repeated passage).
    """
    words = [word for segment in segments for word in _WORD.findall(segment.text.lower())]
    too_few = len(words) < MIN_WORDS_PER_MINUTE * duration / 60
    if not words or (too_few and duration >= JUDGED_SECONDS):
        raise _no_speech("Hardly any words were recognized in the recording.")
    if len(words) >= JUDGED_WORDS and looped_share(words) > MAX_LOOPED_SHARE:
        raise Unprocessable(
            "The transcript repeats the same words over and over, so it cannot be trusted.", code="looped_text"
        )


def require_understood(segments: Sequence[Segment], language: str) -> None:
    """Refuse what a model that knows only `language` (its name) just guessed at; raises 422 `not_understood`.

    Judges by the segments' confidence, as far as there is one: the share of words that were heard twice.
    """
    compared = [(s.confidence, len(s.text.split())) for s in segments if s.confidence is not None]
    words = sum(count for _, count in compared)
    if words >= COMPARED_WORDS and sum(sure * count for sure, count in compared) < MIN_AGREEMENT * words:
        raise Unprocessable(
            f"The speech model on this machine could make no sense of this recording: it understands only {language}, "
            "spoken clearly. Add the session with a transcript, or ask your administrator for a speech service.",
            code="not_understood",
        )


def looped_share(words: Sequence[str]) -> float:
    """Share (0..1) of words in a passage of up to 80 words repeated at least four times in a row."""
    codes = np.unique(np.asarray(words), return_inverse=True)[1]
    looped = np.zeros(len(codes), np.bool_)
    for length in range(1, min(LONGEST_LOOP, len(codes) // LOOP_REPEATS) + 1):
        for start, end in _stretches(codes[length:] == codes[:-length]):
            if end - start >= length * (LOOP_REPEATS - 1):
                looped[start : end + length] = True
    return float(looped.mean()) if looped.size else 0.0


def _stretches(same: "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]") -> list[tuple[int, int]]:
    steps = np.diff(same.astype(np.int8), prepend=0, append=0)
    return list(zip(np.flatnonzero(steps == 1).tolist(), np.flatnonzero(steps == -1).tolist(), strict=True))


def _no_speech(finding: str) -> Unprocessable:
    return Unprocessable(f"{finding} Please check the microphone and the file.", code="no_speech")
