"""Turns dialogue files ("T: …", "P: …") into timed transcripts and, with the real pipeline, into drafts."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from string import Template
from zlib import crc32

from sessions_app.pipeline.drafting.draft import JudgedDraft
from sessions_app.pipeline.drafting.draft import draft as drafted
from sessions_app.pipeline.engines import base, registry
from sessions_app.pipeline.types import Extractor, Segment, Speaker

FOLDER = Path(__file__).parent / "dialogues"
SPEAKERS: dict[str, Speaker] = {"T": "therapist", "P": "patient"}
WORDS_PER_SECOND = 2.3  # a calm pace
SHORTEST, LONGEST = 45 * 60, 52 * 60  # seconds


def segments(dialogue: str, words: Mapping[str, str]) -> tuple[Segment, ...]:
    """The dialogue with the patient's names, spread deterministically over 45 to 52 minutes."""
    lines = _text(dialogue).splitlines()
    spoken = [Template(line[3:]).substitute(words) for line in lines]
    times = _times(spoken, SHORTEST + crc32(dialogue.encode()) % (LONGEST - SHORTEST))
    return tuple(
        Segment(index, start, end, text, SPEAKERS[line[0]])
        for index, (line, text, (start, end)) in enumerate(zip(lines, spoken, times, strict=True))
    )


@cache
def builtin_engine() -> Extractor:
    """The built-in engine, whatever the installation has configured."""
    return registry.extractor(base.EngineSettings())


@cache
def draft(said: tuple[Segment, ...]) -> JudgedDraft:
    """The judged draft of a transcript, cached by text."""
    return drafted(builtin_engine(), said)


@cache
def _text(dialogue: str) -> str:
    return (FOLDER / f"{dialogue}.txt").read_text(encoding="utf-8")


def _times(spoken: list[str], total: int) -> list[tuple[float, float]]:
    """Start and end of each line in seconds, at an even pace with pauses up to `total`."""
    lengths = [len(text.split()) / WORDS_PER_SECOND for text in spoken]
    silences = [0, *(1 + crc32(text.encode()) % 5 for text in spoken[1:])]
    silence = (total - sum(lengths)) / sum(silences)
    times, at = [], 0.0
    for length, share in zip(lengths, silences, strict=True):
        start = at + share * silence
        at = start + length
        times.append((round(start, 2), round(at, 2)))
    return times
