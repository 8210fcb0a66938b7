"""Turns a record into the blocks of a document once, so that what is in the PDF and in the Word file cannot differ."""

from dataclasses import replace
from zoneinfo import ZoneInfo

from exports.builders.outline import head
from exports.builders.outline.blocks import Outline
from exports.builders.outline.flow import flowing
from exports.builders.outline.kinds import parts_of
from exports.builders.outline.text import fitted
from exports.choices import ExportKind
from exports.records.record import Record
from therapybridge.core import dates

__all__ = ["outline_of"]


def outline_of(record: Record) -> Outline:
    """The document, with times in the zone of the export and dates in the form of the clinic's country."""
    is_american = record.practice.jurisdiction.upper().startswith("US")
    with dates.dates_of(ZoneInfo(record.about.time_zone), "en-us" if is_american else "en"):
        made: Outline = fitted(_outline(record, "en-US" if is_american else "en-GB"))
    return replace(made, sections=flowing(made.sections))


def _outline(record: Record, language: str) -> Outline:
    title = head.title_of(record.about)
    return Outline(
        title=f"{title}: {record.patient.name}" if record.patient.name else title,
        subject=title,
        language=language,
        author=record.practice.name,
        letterhead=record.about.layout.letterhead,
        patient=record.patient.name,
        made=dates.zoned(record.about.made_at),
        identity=head.identity_of(record),
        about=head.about_of(record),
        notices=head.notices_of(record),
        sections=[*parts_of(record), head.left_out(record)],
        has_contents=record.about.kind == ExportKind.FULL_RECORD,
    )
