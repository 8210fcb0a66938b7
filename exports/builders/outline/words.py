"""Words for codes, numbers and days. A code that is not known stands as it is, so that nothing is lost."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Choices, TextChoices

from exports.builders.outline.blocks import NOTHING
from exports.records.record import Origin, Record
from therapybridge.core import dates


def label_of(choices: type[TextChoices] | Iterable[type[TextChoices]], code: str) -> str:
    """The label of a code in the first of these choices that has it."""
    for one in [choices] if isinstance(choices, type) and issubclass(choices, Choices) else choices:
        if code in one.values:
            return str(one(code).label)
    plain = code.replace("_", " ").strip()
    return plain[:1].upper() + plain[1:]


def day(at: date | datetime | None) -> str:
    """The day, or a dash."""
    return dates.day(at) if at else NOTHING


def moment(at: datetime | None) -> str:
    """The time with its zone, or a dash."""
    return dates.zoned(at) if at else NOTHING


def none(record: Record, what: str) -> str:
    """That there are none of these: in the period, if the record is of one."""
    return f"No {what}{' in this period' if record.about.start or record.about.end else ''}."


def many(number: int, noun: str) -> str:
    """Such as: 1 session, 2 sessions."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def number(value: Any) -> str:
    """A number without superfluous zeros; yes and no for what is either."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, float | Decimal):
        return f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}"
    return NOTHING if value in {None, ""} else str(value)


def by(record: Record, person: UUID | None) -> str:
    """by somebody, if it is known who."""
    name = record.name_of(person)
    return f" by {name}" if name else ""


def imported(origin: Origin | None) -> str:
    """When and from where; empty for what was made here."""
    return f"{dates.day(origin.imported_at)} from {origin.practice_name}" if origin else ""


def where(record: Record, at: datetime | None) -> str:
    """at a practice, if something of that moment was imported from there."""
    origin = record.origin_of(at)
    return f" at {origin.practice_name}" if origin else ""


def length(seconds: float | None) -> str:
    """Such as: 50 minutes."""
    return many(round(seconds / 60), "minute") if seconds else NOTHING


def filled(rows: Iterable[tuple[str, str | None]]) -> list[tuple[str, str]]:
    """Only the facts that are known."""
    return [(name, text) for name, text in rows if text]
