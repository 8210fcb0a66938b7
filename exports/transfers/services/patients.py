"""Patients from a table."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from accounts.care.forms import PatientForm
from accounts.care.services.patients import create_patient
from exports.transfers.services.people import Known, key_of
from exports.transfers.services.previews import Line, Preview, Problem
from exports.transfers.services.tables import plain, read_table
from exports.transfers.services.values import Days, day_of, name_of
from therapybridge.core.actor import Actor

# By meaning, the names that lists of clients have elsewhere, SimplePractice and TherapyNotes among them.
NAMES = {
    "first_name": ("First Name", "Legal First Name", "Given Name", "Client First Name", "Patient First Name"),
    "last_name": ("Last Name", "Legal Last Name", "Surname", "Family Name", "Client Last Name", "Patient Last Name"),
    "name": ("Name", "Full Name", "Client", "Client Name", "Patient", "Patient Name"),
    "date_of_birth": ("Date of Birth", "DOB", "Birth Date", "Birthdate", "Birthday"),
    "email": ("Email", "E-mail", "Email Address", "Main Email", "Primary Email"),
    "phone": (
        "Mobile Phone",
        "Cell Phone",
        "Phone",
        "Phone Number",
        "Main Phone",
        "Home Phone",
        "Work Phone",
        "Mobile",
    ),
    "street": ("Address", "Street", "Street Address", "Address 1", "Address Line 1"),
    "street_2": ("Address 2", "Address Line 2", "Apt", "Unit"),
    "city": ("City", "Town"),
    "state": ("State", "Province", "Region"),
    "zip": ("Zip", "Zip Code", "Postal Code", "Postcode"),
    "country": ("Country",),
    "emergency_contact": ("Emergency Contact", "Emergency Contact Name"),
    "emergency_phone": ("Emergency Contact Phone", "Emergency Phone", "Emergency Contact Number"),
}
NO_FIRST_NAME = Problem("no_first_name", "first_name", "It has no first name. Fill it in, or add this patient by hand.")
IN_CLINIC = (
    "The clinic has a patient of this name and date of birth whom you do not treat. Ask before you add a second record."
)
MEANINGS = {plain(name): meaning for meaning, names in NAMES.items() for name in names}


def read_patients(text: str, *, by: Actor, day_first: bool) -> Preview:
    """What would become of each line: a patient, one that is here already, or nothing, and why."""
    table = read_table(text, MEANINGS)
    known, told_of = Known(by.user), list[UUID]()
    lines = list(_lines(table.rows, known, Days(by.user.clinic_day, day_first=day_first), told_of))
    return Preview(table.columns, lines, told_of)


def add_patient(line: Line, *, by: Actor) -> object:
    """Add the patient of a line."""
    return create_patient(by=by, **line.values)


def _lines(rows: list[tuple[int, dict[str, str]]], known: Known, days: Days, told_of: list[UUID]) -> Iterator[Line]:
    first_lines: dict[tuple[str, str], int] = {}
    for number, cells in rows:
        first, last = names_of(cells)
        born, problems = birth_of(cells, days)
        form = PatientForm(_details(cells) | {"first_name": first, "last_name": last, "date_of_birth": born})
        problems += _invalid(form)
        above = first_lines.setdefault((key_of(first, last), str(born or "")), number)
        is_mine = bool(known.named(first, last, born))
        of_colleague = None if is_mine or problems else known.of_colleague(first, last, born)
        told_of += [of_colleague] if of_colleague else []
        yield Line(
            number=number,
            label=f"{first} {last}".strip() or "(no name)",
            details=cells.get("date_of_birth", ""),
            values={name: value for name, value in form.cleaned_data.items() if value} if not problems else {},
            problems=problems,
            hints=[*([f"Same as line {above}."] if above != number else []), *([IN_CLINIC] if of_colleague else [])],
            is_known=is_mine or above != number,
        )


def _invalid(form: PatientForm) -> list[Problem]:
    """What the form says; a name that is missing has a code of its own."""
    found = []
    for name, texts in form.errors.items():
        is_missing = name == "first_name" and form.has_error(name, "required")
        found.append(NO_FIRST_NAME if is_missing else Problem("invalid", name, str(texts[0])))
    return found


def names_of(cells: dict[str, str]) -> tuple[str, str]:
    """First and last name, from columns of their own or from one. Either can be missing, and takes no other's place."""
    if cells.get("first_name") or cells.get("last_name"):
        return cells.get("first_name", ""), cells.get("last_name", "")
    return name_of(cells.get("name", ""))


def birth_of(cells: dict[str, str], days: Days) -> tuple[date | None, list[Problem]]:
    """The day of birth, and what is wrong with it."""
    given = cells.get("date_of_birth", "")
    born = day_of(given, day_first=days.day_first) if given else None
    if given and not born:
        return None, [Problem("unknown_date", "date_of_birth", "This is no day that can be read.")]
    if born and born > days.today:
        return None, [Problem("in_the_future", "date_of_birth", "This day has not come yet.")]
    return born, []


def _details(cells: dict[str, str]) -> dict[str, Any]:
    town = " ".join(filter(None, (cells.get("city"), cells.get("state"), cells.get("zip"))))
    address = (cells.get("street"), cells.get("street_2"), town, cells.get("country"))
    contact = (cells.get("emergency_contact"), cells.get("emergency_phone"))
    return {
        "email": cells.get("email", ""),
        "phone": cells.get("phone", ""),
        "address": "\n".join(filter(None, address)),
        "emergency_contact": ", ".join(filter(None, contact)),
    }
