"""What a wild transcript and its clean twin are. Times are in seconds from the start of the recording."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

Starts = tuple[float | None, ...]
Labels = tuple[str | None, ...]
SLACK = 0.05  # seconds


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a clean twin.

    Without a label, the importer may say nothing or repeat the line before. Without a start, it may say nothing or a
    time between its neighbours.
    """

    label: str | None
    start: float | None
    text: str


@dataclass(frozen=True, slots=True)
class Conversation:
    """The words of a talk; `voices` has one letter for each line: t(herapist), p(atient) or m(other)."""

    texts: tuple[str, ...]
    risk: int  # index of the patient's line about suicide or self-harm
    voices: str = "tptp"


@dataclass(frozen=True, slots=True)
class WildTranscript:
    """A file as it is met, and what an importer must make of it."""

    id: str
    filename: str
    data: bytes
    twin: tuple[Line, ...]
    risk: int  # index in the twin
    why: str
    encoding: str = "utf-8"
    # "time": sorted although the source is not. "either": as in the source or sorted, each time with its words.
    order: Literal["source", "time", "either"] = "source"
    names_free: bool = False  # the source numbers its voices; only who speaks when is compared
    by_turn: bool = False  # where a turn is cut into lines is the importer's choice
    times_optional: bool = False  # may be left out; if given, they must be these
    may_remain: tuple[str, ...] = ()  # what is not speech and may be dropped, or kept as lines without a label
    debatable: str = ""  # why somebody may want another answer

    @property
    def patient(self) -> str | None:
        """The label of the patient's voice."""
        return self.twin[self.risk].label


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that must be refused with a sentence."""

    id: str
    filename: str
    data: bytes
    why: str


EVERY_FIVE: Starts = (1, 5, 10, 15, 20, 25)


def wild(
    id: str,
    filename: str,
    data: str | bytes,
    talk: Conversation,
    labels: Labels = ("Therapist", "Patient"),
    starts: Starts | None = EVERY_FIVE,
    *,
    encoding: str = "utf-8",
    **more: Any,
) -> WildTranscript:
    """Pair a file with its twin; `{0}`, `{1}` … in its text are the talk's lines if they have not been filled in."""
    raw = data if isinstance(data, bytes) else data.encode(encoding)
    return WildTranscript(id, filename, raw, twin(talk, labels, starts), talk.risk, encoding=encoding, **more)


def twin(talk: Conversation, labels: Labels, starts: Starts | None) -> tuple[Line, ...]:
    """The clean lines; labels are in the order therapist, patient, mother."""
    named = dict(zip("tpm", labels, strict=False))
    times = starts or (None,) * len(talk.texts)
    rows = zip(talk.voices, times, talk.texts, strict=False)
    return tuple(Line(named[voice], start, text) for voice, start, text in rows)


def fill(template: str, talk: Conversation) -> str:
    """Put the talk's lines in place of `{0}`, `{1}` …"""
    return template.format(*talk.texts)


def as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)


def sorted_by_time(case: WildTranscript) -> WildTranscript:
    """The twin in order of time, for sources that are not."""
    risk = case.twin[case.risk]
    lines = tuple(sorted(case.twin, key=lambda line: line.start or 0))
    return replace(case, twin=lines, risk=lines.index(risk))


@dataclass(frozen=True, slots=True)
class Word:
    """A word or mark as recognisers list them; a mark has the times of the word before."""

    text: str
    start: float
    end: float
    is_mark: bool


def words(text: str, start: float, pace: float = 0.25) -> list[Word]:
    """Cut a line into words of `pace` seconds each, marks apart."""
    found: list[Word] = []
    for token in re.findall(r"\d+:\d+|[\w'’-]+|[^\w\s]", text):  # noqa: RUF001  apostrophe
        if re.match(r"\w", token):
            start = found[-1].end if found else start
            found.append(Word(token, start, round(start + pace, 3), is_mark=False))
        else:
            found.append(Word(token, found[-1].start, found[-1].end, is_mark=True))
    return found


def punctuated(text: str, start: float, pace: float = 0.25) -> list[Word]:
    """Words with the marks that follow them, as most recognisers write them."""
    cut = text.split()
    return [Word(word, start + n * pace, start + (n + 1) * pace, is_mark=False) for n, word in enumerate(cut)]


def turns(lines: Sequence[Line]) -> list[Line]:
    """Join neighbouring lines of one voice."""
    joined: list[Line] = []
    for line in lines:
        if joined and line.label == joined[-1].label:
            joined[-1] = replace(joined[-1], text=f"{joined[-1].text} {line.text}")
        else:
            joined.append(line)
    return joined
