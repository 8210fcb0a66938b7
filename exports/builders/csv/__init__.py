"""The record as tables: RFC 4180, UTF-8 with a byte order mark, no cell that a spreadsheet takes for a formula."""

from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from exports.builders.csv.about import ABOUT, ORIGINS, WITHHELD
from exports.builders.csv.measures import MEASURES, TRACKING
from exports.builders.csv.notes import NOTES
from exports.builders.csv.people import PEOPLE
from exports.builders.csv.readme import DESCRIBED, described, documented, readme
from exports.builders.csv.sessions import SESSIONS
from exports.builders.csv.tables import written
from exports.builders.csv.timeline import EVENTS, TIMELINE
from exports.builders.csv.treatment import GOALS, PLANS
from exports.choices import ExportKind
from exports.records.record import Record

__all__ = ["TABLES", "TIMELINE", "build", "page"]

TABLES = (ABOUT, WITHHELD, ORIGINS, *PEOPLE, *SESSIONS, *NOTES, EVENTS, *PLANS, *GOALS, *TRACKING, *MEASURES)


def page() -> str:
    """All tables and columns as a page of the documentation."""
    return documented((*TABLES, TIMELINE))


def build(record: Record, file: BinaryIO) -> None:
    """Write a timeline as one table, and everything else as a zip of those tables that have rows."""
    if record.about.kind == ExportKind.TIMELINE:
        file.write(written(TIMELINE.meanings, TIMELINE.lines(record)))
    else:
        _write_zip(record, file)


def _write_zip(record: Record, file: BinaryIO) -> None:
    counts: dict[str, int] = {}
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for table in TABLES:
            lines = list(table.lines(record))
            counts[table.name] = len(lines)
            if lines:
                _add(archive, f"{table.name}.csv", written(table.meanings, lines))
        _add(archive, "columns.csv", written(DESCRIBED, described(TABLES)))
        _add(archive, "README.txt", readme(record, TABLES, counts))


def _add(archive: ZipFile, name: str, content: bytes) -> None:
    """A ZipInfo of its own has no time of today, so that the same record makes the same bytes."""
    entry = ZipInfo(name)
    entry.compress_type = ZIP_DEFLATED
    entry.create_system = 3  # or the bytes would depend on the machine
    entry.external_attr = 0o600 << 16
    archive.writestr(entry, content)
