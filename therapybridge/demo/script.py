"""The people and sessions of the demonstration, as they are written in `patients/`: one folder a patient."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "patients"
NOT_SESSIONS = {"patient", "treatment"}
Table = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Meeting:
    """A session: what was said, what was drafted from it, and what the therapist made of the draft.

    `state` is done, queued, failed, speakers, empty (no transcript yet) or withdrawn (the consent to drafting ended
    before there was one). `weeks` counts from the session before; a late one was added to the record only just now.
    """

    name: str
    said: str
    weeks: int = 1
    minutes: int = 50
    modality: str = "in_person"
    state: str = "done"
    is_late: bool = False
    draft: Table = field(default_factory=dict)
    note: Table = field(default_factory=dict)
    summary: Table = field(default_factory=dict)
    risk: Table = field(default_factory=dict)
    addendum: Table = field(default_factory=dict)
    correction: Table = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Patient:
    """A patient with the people who treat them, their weekly slot (local time), and their story in order.

    `email` is for signing in; the contact address is in the profile. The last session was `weeks_ago` weeks and
    `days_ago` working days before the last working day. `treatment` is empty for somebody who has no plan yet.
    """

    first_name: str
    last_name: str
    therapist: str
    slot: str
    profile: Table
    consent: Table
    meetings: tuple[Meeting, ...]
    email: str = ""
    supervisor: str = ""
    weeks_ago: int = 0
    days_ago: int = 0
    events: tuple[Table, ...] = ()
    private_notes: tuple[Table, ...] = ()
    treatment: Table = field(default_factory=dict)


@cache
def patients() -> tuple[Patient, ...]:
    """Everybody, by the names of the folders."""
    return tuple(_patient(folder) for folder in sorted(FOLDER.iterdir()) if folder.is_dir())


def meeting_named(name: str) -> Meeting:
    """The session of a file, such as "elena/01-the-platform"."""
    return next(meeting for person in patients() for meeting in person.meetings if meeting.name == name)


def _patient(folder: Path) -> Patient:
    about = _read(folder / "patient.toml")
    sessions = sorted(path for path in folder.glob("*.toml") if path.stem not in NOT_SESSIONS)
    meetings = tuple(Meeting(name=f"{folder.name}/{path.stem}", **_read(path)) for path in sessions)
    events, notes = (tuple(about.pop(name, ())) for name in ("events", "private_notes"))
    treatment = _read(folder / "treatment.toml") if (folder / "treatment.toml").exists() else {}
    return Patient(**about, meetings=meetings, events=events, private_notes=notes, treatment=treatment)


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))
