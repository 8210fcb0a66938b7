"""Where a record was before: the exports of other practices from which it was imported."""

from dataclasses import replace
from typing import Any

from exports.choices import Extra
from exports.collect.rows import Rows
from exports.collect.withheld import WITH_EVENTS, WITH_NOTES
from exports.records.record import Origin, Withheld


def origins_of(rows: Rows) -> list[Origin]:
    """The earliest first, with what was left out there of what an export of this kind would hold."""
    patient: Any = rows.patient  # imports are a subject above this one
    found = patient.imports.completed().first()
    origins: list[Origin] = found.origins if found else []
    return [replace(one, left_out=_left_out(one, rows)) for one in origins]


def _left_out(origin: Origin, rows: Rows) -> list[Withheld]:
    """For therapists: a patient is not told of psychotherapy notes."""
    return [one for one in origin.left_out if not rows.is_shared and rows.wanted.kind in _kinds_with(one)]


def _kinds_with(part: Withheld) -> tuple[str, ...]:
    return WITH_EVENTS if part.exception == Extra.PRIVATE_EVENTS else WITH_NOTES
