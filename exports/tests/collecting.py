"""Asking for records as a job does."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from accounts.care.access import RecordAccess, access_to
from accounts.models import User
from accounts.tests.factories import access_for
from exports.choices import ExportKind, Extra
from exports.collect import Request, Wanted, collect
from exports.records.record import About, Record
from therapybridge.core.actor import Actor

EXTRAS = frozenset(extra.value for extra in Extra)


def about(kind: str) -> About:
    """An order that is the same every time."""
    made_at = datetime(2026, 6, 1, 12, tzinfo=UTC)
    return About(kind=kind, made_at=made_at, made_by="Robin", time_zone="Europe/Berlin")


def own_access(patient: User) -> RecordAccess:
    """The patient's own."""
    return access_to(Actor(user=patient), patient, may_write=False)


def asked(access: RecordAccess, kind: str = ExportKind.FULL_RECORD, *extras: str, **wanted: Any) -> Request:
    """A request for an export of a kind."""
    return Request(access, Wanted(kind, extras=frozenset(extras), **wanted))


def collected(reader: User, patient: User, kind: str = ExportKind.FULL_RECORD, *extras: str, **wanted: Any) -> Record:
    """The record that the reader gets."""
    access = own_access(patient) if reader == patient else access_for(reader, patient)
    return collect(asked(access, kind, *extras, **wanted), about(kind))


def period(start: tuple[int, int, int], end: tuple[int, int, int]) -> dict[str, date]:
    """Days of a request."""
    return {"start": date(*start), "end": date(*end)}


def ids_by_part(value: Any) -> dict[str, set[UUID]]:
    """The ids of all parts of a record by the name of their type."""
    found: dict[str, set[UUID]] = {}
    for one in parts_in(value):
        if isinstance(getattr(one, "id", None), UUID):
            found.setdefault(type(one).__name__, set()).add(one.id)
    return found


def parts_in(value: Any) -> list[Any]:
    """All dataclasses in a record."""
    if isinstance(value, list):
        return [part for one in value for part in parts_in(one)]
    if not hasattr(value, "__dataclass_fields__"):
        return []
    return [value, *(part for name in value.__dataclass_fields__ for part in parts_in(getattr(value, name)))]
