"""From the text of a CSV file to rows by their meaning: strict in form, generous in names of columns."""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import StringIO
from itertools import islice

from exports.imports.services.refusals import ImportRefused
from therapybridge.core.csv_export import FORMULA

MAX_BYTES = 1024 * 1024
MAX_LINES, MAX_COLUMNS, MAX_CELL = 1_000, 100, 5_000
DELIMITERS = ",;\t"


@dataclass(frozen=True, slots=True)
class Table:
    """`columns` are those of the file with their meaning or nothing; `rows` have a line number and cells by meaning."""

    columns: list[tuple[str, str]]
    rows: list[tuple[int, dict[str, str]]]


def decoded(data: bytes) -> str:
    """The text of a file; ImportRefused unless it is UTF-8, as every spreadsheet can save it."""
    if len(data) > MAX_BYTES:
        raise ImportRefused("too_large", f"The file is larger than {MAX_BYTES // 1024} KB: split it.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ImportRefused("not_utf8", "The file is not in UTF-8. Save it as “CSV UTF-8”.") from None
    if "\x00" in text:
        raise ImportRefused("not_text", "The file is no text.")
    return text


def read_table(text: str, meanings: Mapping[str, str]) -> Table:
    """The rows. `meanings` says what a column is by its name in `plain` form; of two with one meaning the first counts
    whose cell is filled.
    """
    header, *lines = list(islice(_lines(text), MAX_LINES + 2)) or [(1, [])]
    names = [name.strip() for name in header[1]]
    known = [meanings.get(plain(name), "") for name in names]
    if not any(known):
        raise ImportRefused("no_columns", "No column has a name that is known here. The first line must name them.")
    if len(lines) > MAX_LINES:
        raise ImportRefused("too_many_lines", f"The file has more than {MAX_LINES:,} lines: split it.")
    rows = [(number, _by_meaning(known, cells)) for number, cells in lines if any(cell.strip() for cell in cells)]
    words = [meaning.replace("_", " ") for meaning in known]
    return Table(list(zip(names, words, strict=True)), rows)


def plain(name: str) -> str:
    """A column's name without case, blanks and signs."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    first = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 1
    try:
        for cells in reader:
            if len(cells) > MAX_COLUMNS or any(len(cell) > MAX_CELL for cell in cells):
                raise ImportRefused("too_wide", f"Line {number} is too wide.")
            yield number, cells
            number = reader.line_num + 1
    except csv.Error:
        raise ImportRefused("not_csv", f"Line {number} is no CSV: a quote is not closed.") from None


def _by_meaning(known: list[str], cells: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for meaning, cell in zip(known, cells, strict=False):
        if meaning and not found.get(meaning):
            found[meaning] = _undefused(cell.strip())
    return found


def _undefused(cell: str) -> str:
    """Without the apostrophe that exports put before what looks like a formula."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA) else cell
