"""What a table is: its columns with what they mean, and its rows."""

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

from exports.builders.limits import each_in_time
from exports.records.record import Record
from therapybridge.core.csv_export import safe_cell

# What a row stands for, and values that are not its own: the id of what it belongs to, its place.
Row = tuple[Any, Mapping[str, Any]]
Rows = Callable[[Record], Iterator[Row]]


@dataclass(frozen=True)
class Table:
    """`columns` say what each column means. Those in `people` are ids of staff; a column of names follows each."""

    name: str
    about: str
    rows: Rows
    columns: Mapping[str, str]
    people: Sequence[str] = field(default=())

    @property
    def meanings(self) -> dict[str, str]:
        """All columns, in their order, with what they mean."""
        every: dict[str, str] = {}
        for name, meaning in self.columns.items():
            every[name] = meaning
            if name in self.people:
                every[f"{name}_name"] = f"The name of {name}, from the table staff"
        return every

    def lines(self, record: Record) -> Iterator[list[str]]:
        """The cells of each row as text."""
        zone = ZoneInfo(record.about.time_zone)
        for row in each_in_time(self.rows(record)):
            values = (self._value(record, row, name) for name in self.meanings)
            yield [cell(value, zone) for value in values]

    def _value(self, record: Record, row: Row, name: str) -> Any:
        source, more = row
        if name in more:
            return more[name]
        if name not in self.columns:
            return record.name_of(getattr(source, name.removesuffix("_name")))
        return getattr(source, name)


def cell(value: Any, zone: ZoneInfo) -> str:
    """One value as text. A number stays a number, even below zero; no text can be taken for a formula."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float | Decimal):
        return str(value)
    if isinstance(value, datetime):
        return value.astimezone(zone).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str) if value else ""
    return safe_cell(value)


def each(part: Callable[[Record], Sequence[Any]]) -> Rows:
    """Rows of what stands by itself."""

    def rows(record: Record) -> Iterator[Row]:
        return ((one, {}) for one in part(record))

    return rows


def within(outer: Callable[[Record], Sequence[Any]], name: str, parts: str) -> Rows:
    """Rows of what belongs to something else, whose id is in the column `name`; `place` counts from 1."""

    def rows(record: Record) -> Iterator[Row]:
        for whole in outer(record):
            for place, one in enumerate(getattr(whole, parts), 1):
                yield one, {name: whole.id, "place": place}

    return rows


def written(header: Iterable[str], lines: Iterable[Sequence[str]]) -> bytes:
    """A table as a file."""
    text = StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows(lines)
    return text.getvalue().encode("utf-8-sig", "replace")
