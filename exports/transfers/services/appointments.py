"""Appointments from a table: each becomes a session without a recording."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from accounts.care.access import access_to
from accounts.models import User
from exports.transfers.services.patients import NAMES as OF_PATIENTS
from exports.transfers.services.patients import NO_FIRST_NAME, birth_of, names_of
from exports.transfers.services.people import Known
from exports.transfers.services.previews import Line, Preview, Problem
from exports.transfers.services.tables import plain, read_table
from exports.transfers.services.values import Days, day_of, time_of
from sessions_app.models import TherapySession
from sessions_app.services.sessions import create_session
from therapybridge.core.actor import Actor

NAMES = {
    **{meaning: OF_PATIENTS[meaning] for meaning in ("first_name", "last_name", "name", "date_of_birth")},
    "day": ("Date", "Appointment Date", "Date of Service", "Service Date", "Session Date", "DOS"),
    "time": ("Time", "Start Time", "Appointment Time", "Start", "From"),
    "moment": ("Start Date Time", "Appointment Start", "Date and Time", "Start Date", "Appointment Date and Time"),
    "status": ("Status", "Appointment Status", "Attendance"),
    "place": ("Location", "Appointment Location", "Place of Service", "Modality", "Telehealth"),
}
MEANINGS = {plain(name): meaning for meaning, names in NAMES.items() for name in names}
NOT_HELD = ("cancel", "no show", "noshow", "no-show", "missed")
VIDEO = ("tele", "video", "online", "virtual", "zoom")
EARLIEST = 1900


def read_appointments(text: str, *, by: Actor, day_first: bool) -> Preview:
    """What would become of each line: a session, one that is here already, or nothing, and why."""
    table = read_table(text, MEANINGS)
    known = Known(by.user)
    days = Days(by.user.clinic_day, day_first=day_first)
    return Preview(table.columns, list(_lines(table.rows, known, _taken(by.user), days)))


def add_appointment(line: Line, *, by: Actor) -> object:
    """Add the session of a line; lines are added in the order of their patients, who are locked one by one."""
    access = access_to(by, line.values["patient"], may_write=True)
    held = TherapySession.Status.HELD  # long over: nobody is asked for its recording
    return create_session(access, line.values["held_at"], modality=line.values["modality"], status=held)


def in_order(lines: list[Line]) -> list[Line]:
    """By patient, then as they stand in the file."""
    return sorted(lines, key=lambda line: (str(line.values["patient"].pk), line.number))


def _lines(rows: list[tuple[int, dict[str, str]]], known: Known, taken: set[Any], days: Days) -> Iterator[Line]:
    first_lines: dict[Any, int] = {}
    for number, cells in rows:
        first, last = names_of(cells)
        born, problems = birth_of(cells, days)
        people = known.named(first, last, born) if first else []
        problems += _who(people) if first else [NO_FIRST_NAME]
        held_at = _moment(cells, people[0], days) if people else None
        problems += _when(held_at) if people else []
        problems += _whether(cells)
        values: dict[str, Any] = {}
        if not problems and held_at:
            values = {"patient": people[0], "held_at": held_at, "modality": _modality(cells)}
        key = (people[0].pk, held_at) if values else number
        above = first_lines.setdefault(key, number)
        when = " ".join(filter(None, (cells.get("moment"), cells.get("day"), cells.get("time"))))
        label = f"{first} {last}".strip() or "(no name)"
        hints = [f"Same as line {above}."] if above != number else []
        is_known = key in taken or above != number
        yield Line(
            number=number, label=label, details=when, values=values, problems=problems, hints=hints, is_known=is_known
        )


def _taken(therapist: User) -> set[Any]:
    rows = TherapySession.objects.visible_to(therapist)
    return set(rows.values_list("patient_id", "session_date"))


def _who(people: list[User]) -> list[Problem]:
    if not people:
        return [Problem("unknown_patient", "name", "You treat no patient of this name: add patients first.")]
    if len(people) > 1:
        return [Problem("ambiguous_patient", "name", "Several patients have this name: add a column of birth dates.")]
    return []


def _moment(cells: dict[str, str], patient: User, days: Days) -> datetime | None:
    """In the time zone of the clinic; None without a day and a time."""
    words = cells.get("moment") or " ".join(filter(None, (cells.get("day"), cells.get("time"))))
    day_words, _, time_words = words.replace("T", " ").partition(" ")
    day, at = day_of(day_words, day_first=days.day_first), time_of(time_words)
    zone = patient.clinic_zone
    return datetime.combine(day, at or time(), zone) if day and at else None


def _when(held_at: datetime | None) -> list[Problem]:
    if held_at is None:
        return [Problem("unknown_date", "day", "Day and time cannot be read.")]
    if held_at > timezone.now() + timedelta(hours=1):
        return [Problem("in_the_future", "day", "It has not been held yet.")]
    return [Problem("unknown_date", "day", "This day is out of range.")] if held_at.year < EARLIEST else []


def _whether(cells: dict[str, str]) -> list[Problem]:
    status = cells.get("status", "").lower()
    if any(word in status for word in NOT_HELD):
        return [Problem("not_held", "status", "It was not held.")]
    return []


def _modality(cells: dict[str, str]) -> str:
    place = cells.get("place", "").lower()
    if any(word in place for word in VIDEO):
        return TherapySession.Modality.VIDEO
    return TherapySession.Modality.PHONE if "phone" in place else TherapySession.Modality.IN_PERSON
