"""Sentences and short dialogues that judge the risk pass: what it must list, and what it must leave alone."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sessions_app.pipeline.tests.corpora.reading import read

FOLDER = Path(__file__).parent / "risk"


@dataclass(frozen=True)
class RiskCase:
    """One thing that a patient or a relative says, complete in itself."""

    text: str
    kind: str
    language: str
    risky: bool


@dataclass(frozen=True)
class Line:
    speaker: str  # therapist | patient | other
    text: str


@dataclass(frozen=True)
class RiskDialogue:
    """A few lines and the indexes of those that must be listed."""

    kind: str
    language: str
    lines: tuple[Line, ...]
    listed: frozenset[int]

    @property
    def unlisted(self) -> frozenset[int]:
        """Lines that must not be listed. The therapist's own lines are judged neither way."""
        said = {index for index, line in enumerate(self.lines) if line.speaker != "therapist"}
        return frozenset(said - self.listed)


def has_file(name: str) -> bool:
    return (FOLDER / f"{name}.yaml").exists()


def load_cases(name: str) -> list[RiskCase]:
    return [RiskCase(**entry) for entry in _read(name)]


def load_dialogues(name: str) -> list[RiskDialogue]:
    return [_dialogue(**entry) for entry in _read(name)]


def _dialogue(kind: str, language: str, lines: list[dict[str, str]], listed: list[int]) -> RiskDialogue:
    return RiskDialogue(kind, language, tuple(Line(**line) for line in lines), frozenset(listed))


def _read(name: str) -> list[dict[str, Any]]:
    return read(FOLDER / f"{name}.yaml")
