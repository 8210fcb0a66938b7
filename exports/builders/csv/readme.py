"""What is in the zip, for people: the README and the description of the columns."""

from collections.abc import Iterator, Mapping, Sequence

from exports.builders.csv.tables import Table
from exports.builders.notices import PART_2, SHARED
from exports.builders.outline.words import many
from exports.records.record import Record, Withheld

DESCRIBED = ("table", "column", "meaning")
FORM = """\
The tables are CSV (RFC 4180): UTF-8 with a byte order mark, commas, CRLF, quotes where needed; the first row has the
names of the columns. What each column means is in columns.csv.
Moments are ISO 8601 in the time zone {zone}, with its offset; days are YYYY-MM-DD; yes and no stand for themselves.
Nested values, and lists, are JSON in one cell. An empty cell means that nothing is known.
Text that a spreadsheet would take for a formula begins with an apostrophe. Control characters are replaced by
\ufffd."""


def described(tables: Sequence[Table]) -> Iterator[tuple[str, str, str]]:
    """All columns with what they mean."""
    for table in tables:
        yield from ((table.name, name, meaning) for name, meaning in table.meanings.items())


def documented(tables: Sequence[Table]) -> str:
    """The same as a page of the documentation, docs/export-tables.md."""
    parts = [
        "# Tables of exports",
        "",
        "Written by `manage.py write_export_tables`; the rules are in [exports.md](exports.md).",
    ]
    for table in tables:
        parts += ["", f"## {table.name}", "", f"{table.about}.", "", "| column | meaning |", "|---|---|"]
        parts += [f"| {name} | {meaning} |" for name, meaning in table.meanings.items()]
    return "\n".join(parts) + "\n"


def readme(record: Record, tables: Sequence[Table], counts: Mapping[str, int]) -> bytes:
    """What the zip holds and what it does not."""
    there = [f"  {one.name}.csv ({many(counts[one.name], 'row')}): {one.about}" for one in tables if counts[one.name]]
    empty = ", ".join(one.name for one in tables if not counts[one.name]) or "none"
    parts = [
        f"{record.patient.name}: {record.about.kind.replace('_', ' ')}, from {record.practice.name}",
        *([PART_2] if record.about.is_part_2 else []),
        "\n".join(["Tables:", *there]),
        # Whoever reads that a table is empty must not take it for a statement on the patient.
        f"Not here, since this kind of export does not hold them or nothing is on record: {empty}.",
        *([SHARED] if record.about.is_for_patient else []),
        _withheld(record),
        FORM.format(zone=record.about.time_zone),
    ]
    text = "\n\n".join(filter(None, parts)) + "\n"
    return text.replace("\n", "\r\n").encode("utf-8-sig", "replace")


def _withheld(record: Record) -> str:
    before = [one for origin in record.origins for one in origin.left_out]
    if not record.withheld and not before:
        return "" if record.about.is_for_patient else "Nothing that belongs in this export is withheld."
    here = _named("Withheld, and not in any table:", record.withheld)
    there = _named("Left out already where the record was imported from:", before)
    return "\n\n".join(filter(None, [here, there]))


def _named(heading: str, parts: list[Withheld]) -> str:
    lines = [f"  {one.what}, {one.count} ({one.exception}): {one.reason}" for one in parts]
    return "\n".join([heading, *lines]) if lines else ""
