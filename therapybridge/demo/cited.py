"""Written texts with the numbers of the lines that they rest on: "He sleeps four hours. [3 7] He looks tired."

A sentence with numbers is a statement, which the evidence gate judges; one without is the writer's own.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_CITED = re.compile(r"\s*\[(\d+(?: \d+)*)\]")
_BETWEEN_SENTENCES = re.compile(r"(?<!\bDr\.)(?<=[.!?”])\s+(?=[“A-ZÁÉÍÓÚÑ¿])")


@dataclass(frozen=True, slots=True)
class Statement:
    """A text and the numbers of its lines, which begin at 1."""

    text: str
    lines: tuple[int, ...]

    @property
    def segments(self) -> list[int]:
        """The indexes of the lines."""
        return [line - 1 for line in self.lines]


def plain(text: str) -> str:
    """The text without the numbers."""
    return "\n".join(" ".join(line.split()) for line in _CITED.sub("", text).strip().splitlines())


def statements(text: str) -> Iterator[Statement]:
    """What is cited, in order. The sentence before a number is its statement."""
    for line in text.strip().splitlines():
        parts = _CITED.split(line)
        for said, numbers in zip(parts[::2], parts[1::2], strict=False):
            yield Statement(_last_sentence(said), tuple(map(int, numbers.split())))


def one(text: str) -> Statement:
    """The only statement of a text; ValueError if there are more or none."""
    [found] = statements(text)
    return found


def _last_sentence(text: str) -> str:
    """What stands between the last full stop that no number follows, and the number."""
    return _BETWEEN_SENTENCES.split(text.strip())[-1]
