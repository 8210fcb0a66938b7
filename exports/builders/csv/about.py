"""The tables that say what the export is, and what is missing from it."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from exports.builders.csv.tables import Row, Table, each
from exports.records.record import Origin, Record


def _about(record: Record) -> Iterator[Row]:
    practice = record.practice
    layout = record.about.layout
    yield (
        record.about,
        {
            "practice": practice.name,
            "practice_id": practice.id,
            "jurisdiction": practice.jurisdiction,
            "letterhead": layout.letterhead,
        },
    )


ABOUT = Table(
    "about",
    "What this export is, one row",
    _about,
    {
        "practice": "The practice",
        "practice_id": "Its id",
        "jurisdiction": "Where it practises",
        "letterhead": "What stands below its name on documents",
        "kind": "What was exported",
        "made_at": "When",
        "made_by": "By whom",
        "recipient": "For whom",
        "purpose": "For what",
        "start": "First day of the period",
        "end": "Last day of the period",
        "time_zone": "Time zone of the moments in the tables",
        "is_for_patient": "Whether it is for the patient, and holds what is shared with them: yes, no",
        "is_part_2": "Whether 42 CFR Part 2 limits redisclosure: yes, no",
        "format": "Name of the format",
        "version": "Version of the format",
    },
)
WITHHELD = Table(
    "withheld",
    "What is not in the export, on which ground, and why",
    each(lambda record: record.withheld),
    {
        "what": "What is withheld",
        "count": "How many",
        "exception": "On which ground",
        "reason": "Why, as far as the reader may know it",
        "ids": "Ids of what is withheld (JSON)",
    },
)


def _origins(record: Record) -> Iterator[Row]:
    return ((one, {"left_out": left_out(one)}) for one in record.origins)


def left_out(origin: Origin) -> list[dict[str, Any]]:
    """What was left out there, without ids: their rows never came here."""
    return [{name: value for name, value in asdict(one).items() if name != "ids"} for one in origin.left_out]


ORIGINS = Table(
    "origins",
    "Exports of other practices from which the record was imported, the earliest first",
    _origins,
    {
        "id": "Id of the import",
        "practice_name": "The practice",
        "practice": "Its id",
        "exported_at": "When it was exported there",
        "exported_by": "By whom",
        "imported_at": "When it was imported; what is older was made there",
        "imported_by": "By whom",
        "sha256": "SHA-256 of the file",
        "left_out": "What was left out there (JSON)",
    },
)
