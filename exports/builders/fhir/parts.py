"""What every resource is made of: an id that stays, labels, a narrative, references, and nothing that is empty."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from html import escape
from typing import Any
from uuid import UUID, uuid5

from exports.builders.fhir.codes import MENTAL_HEALTH, NO_REDISCLOSURE, PART_2, RESTRICTED, VERY_RESTRICTED, Json
from exports.records.record import Record

XHTML = "http://www.w3.org/1999/xhtml"
# Neither XHTML nor the JSON of FHIR can hold these; other white space than blank and line break is no FHIR string.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_SPACES = re.compile(r"[^\S \r\n\t]")

# A line of a narrative: what it is, and what is known of it.
Lines = Iterable[tuple[str, object]]


def resource(kind: str, id: UUID, record: Record, told: tuple[str, Lines], **elements: Any) -> Json:
    """A resource with a narrative: a title and lines. `very_restricted` and `labels` say how sensitive it is."""
    labels = elements.pop("labels", ())
    is_exposing = elements.pop("very_restricted", False)
    return {
        "resourceType": kind,
        "id": str(id),
        "meta": {"security": security(record, *labels, is_exposing=is_exposing)},
        "language": "en",
        "text": {"status": "generated", "div": narrative(*told)},
        **elements,
    }


def security(record: Record, *labels: Json, is_exposing: bool = False) -> list[Json]:
    """Labels of a resource. Under Part 2 nobody may pass it on without the patient's consent."""
    level = VERY_RESTRICTED if is_exposing else RESTRICTED
    law = [PART_2, NO_REDISCLOSURE] if record.about.is_part_2 else []
    return [level, MENTAL_HEALTH, *labels, *law]


def narrative(title: str, lines: Lines) -> str:
    """The same for people, as XHTML."""
    told = [(label, text) for label, text in lines if text not in {None, ""}]
    items = "".join(f"<li>{_xhtml(label)}: {_xhtml(text)}</li>" for label, text in told)
    listed = f"<ul>{items}</ul>" if items else ""
    return f'<div xmlns="{XHTML}" lang="en"><p><b>{_xhtml(title)}</b></p>{listed}</div>'


def _xhtml(value: object) -> str:
    return escape(clean(str(value))).replace("\n", "<br/>")


def clean(text: str) -> str:
    """The text as a FHIR string."""
    if text.isascii() and text.isprintable():  # most are
        return text
    return _SPACES.sub(" ", _FORBIDDEN.sub("\ufffd", text.replace("\r\n", "\n")))


def derived(id: UUID, *words: object) -> UUID:
    """The id of something that has none of its own, the same in every export."""
    return uuid5(id, "/".join(map(str, words)))


def urn(id: UUID | str) -> str:
    """The address of a resource inside the bundle."""
    return f"urn:uuid:{id}"


def reference(kind: str, id: UUID | None, display: str = "") -> Json | None:
    """A reference to another resource. `resolved` turns it into a mere identifier if that is not in the bundle."""
    return {"reference": urn(id), "type": kind, "display": display} if id else None


def references(kind: str, ids: Iterable[UUID]) -> list[Json | None]:
    """References to resources of one kind."""
    return [reference(kind, one) for one in ids]


def staff(record: Record, person: UUID | None) -> Json | None:
    """A reference to somebody of the staff, with the name."""
    return reference("Practitioner", person, record.name_of(person))


def patient(record: Record) -> Json | None:
    """A reference to the patient."""
    return reference("Patient", record.patient.id, record.patient.name)


def note(text: str | None, *, by: Json | None = None, at: datetime | date | None = None) -> Json | None:
    """An annotation; None without text."""
    return {"authorReference": by, "time": moment(at), "text": text} if text else None


def moment(at: datetime | date | None) -> str | None:
    """A day, or an instant in the one form that moments have in the API: UTC with six decimals."""
    if isinstance(at, datetime):
        return f"{at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"
    return at.isoformat() if at else None


def pruned(value: Any) -> Any:
    """Without None, blank texts and empty objects and lists, which FHIR does not allow; texts as FHIR strings."""
    if isinstance(value, str):
        return clean(value) if value.strip() else None
    if isinstance(value, dict):
        kept = {name: pruned(one) for name, one in value.items()}
        return {name: one for name, one in kept.items() if one is not None} or None
    if isinstance(value, list | tuple):
        return [one for one in map(pruned, value) if one is not None] or None
    return value


def resolved(value: Any, known: set[str]) -> Any:
    """With identifiers in place of references to what is not in the bundle."""
    if isinstance(value, list):
        return [resolved(one, known) for one in value]
    if not isinstance(value, dict):
        return value
    target = value.get("reference")
    if isinstance(target, str) and target not in known:
        rest = {name: one for name, one in value.items() if name != "reference"}
        return {**rest, "identifier": {"system": "urn:ietf:rfc:3986", "value": target}}
    return {name: resolved(one, known) for name, one in value.items()}
