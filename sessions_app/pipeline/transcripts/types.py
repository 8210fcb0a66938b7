"""What the readers of all formats hand on."""

from dataclasses import dataclass, field
from typing import Literal

from sessions_app.pipeline.types import Segment
from therapybridge.core.errors import Unprocessable

Format = Literal["txt", "srt", "vtt", "json"]
ReadFormat = Literal["txt", "srt", "vtt", "sbv", "json"]


@dataclass(slots=True)
class Warnings:
    """Counts of what had to be left out or mended, as sentences for the person who uploaded the file."""

    skipped: int = 0
    times: int = 0
    encoding: str = ""

    def sentences(self) -> list[str]:
        """One sentence for each kind."""
        found = [self.encoding] if self.encoding else []
        if self.skipped:
            found.append(f"{_counted(self.skipped, 'entry', 'entries')} without text {_was(self.skipped)} skipped.")
        if self.times:
            found.append(f"{_counted(self.times, 'time', 'times')} could not be read and {_was(self.times)} estimated.")
        return found


@dataclass(frozen=True, slots=True)
class ParsedTranscript:
    """Segments numbered from 0 in the order of their times, the detected format, and what was left out or mended."""

    segments: list[Segment]
    format: ReadFormat
    warnings: list[str] = field(default_factory=list)


def empty() -> Unprocessable:
    """The error for a file without words."""
    return Unprocessable("The transcript contains no words.", code="empty_transcript")


def unreadable(place: str, problem: str) -> Unprocessable:
    """The error for a file that no reader understands; `place` is a line or an entry."""
    return Unprocessable(f"The transcript could not be read: {place} {problem}.", code="unreadable_transcript")


def _counted(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def _was(number: int) -> str:
    return "was" if number == 1 else "were"
