"""Dialogues that judge the action items: those in which something is set, and tempting ones in which nothing is."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sessions_app.pipeline.tests.corpora.reading import read
from sessions_app.pipeline.text.matching import fold
from sessions_app.pipeline.types import Segment, Speaker

FOLDER = Path(__file__).parent / "action_items"
SPEAKERS: dict[str, Speaker] = {"t": "therapist", "p": "patient", "o": "other"}
ALIKE = 0.7  # share of words that two wordings of one task have in common
OPENINGS = ("im going to ", "ill ", "try ")  # a promise and an attempt are the same task


@dataclass(frozen=True)
class Dialogue:
    """A few lines, and the task that they set; none if they are only tempting."""

    lines: tuple[Segment, ...]
    task: str = ""

    def sets(self, text: str) -> bool:
        """Whether this wording is the task: little missing, and nothing else with it."""
        said, expected = _words(text), _words(self.task)
        return len(said & expected) >= ALIKE * len(said | expected)


def load_real(part: str) -> list[Dialogue]:
    return [Dialogue(_lines(entry["said"]), entry["task"]) for entry in _read(f"{part}_real")]


def load_tempting(part: str) -> list[Dialogue]:
    return [Dialogue(_lines(said)) for entries in _read(f"{part}_tempting").values() for said in entries]


def _lines(said: list[str]) -> tuple[Segment, ...]:
    return tuple(Segment(index, None, None, line[3:], SPEAKERS[line[0].lower()]) for index, line in enumerate(said))


def _words(text: str) -> set[str]:
    folded = fold(text)
    for opening in OPENINGS:
        folded = folded.removeprefix(opening)
    return set(folded.split())


def _read(name: str) -> Any:
    return read(FOLDER / f"{name}.yaml")
