"""Data classes for the demonstration's script."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Meeting:
    """A session: the dialogue's file name, and the number of weeks since the previous one."""

    dialogue: str
    weeks: int = 2


@dataclass(frozen=True, slots=True)
class Happening:
    """A timeline event written by hand, `days` after the patient's nth meeting (1 is the first)."""

    after: int
    event_type: str
    title: str
    description: str = ""
    days: int = 1
    importance: str = "normal"
    is_private: bool = False
    metadata: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Patient:
    """A patient with the therapist's e-mail, the weekly slot (local time) and the story in order."""

    first_name: str
    last_name: str
    email: str
    therapist: str
    profile: Mapping[str, object]
    words: Mapping[str, str]  # names of people and places for the dialogues
    meetings: tuple[Meeting, ...]
    happenings: tuple[Happening, ...]
    slot: str  # "HH:MM"
    ended_weeks_ago: int = 0  # the last meeting, counted from the last working day
    weekday_shift: int = 0  # working days before the last one, so that patients come on different days
    awaiting_approval: int = 0  # number of latest processed sessions that are not approved yet
    last_failed: bool = False
    has_revoked_ai: bool = False
