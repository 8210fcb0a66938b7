"""Tables with a row of headings, as Whisper's TSV: start, end, text."""

import csv

from sessions_app.pipeline.transcripts.json_shapes import END, LENGTH, SPEAKER, START, TEXT, plain_key

_KNOWN = {*START, *END, *TEXT, *SPEAKER, *LENGTH, "id", "index", "number", "confidence"}
_DELIMITERS = ("\t", ";", ",")


def rows_of(text: str) -> list[dict[str, str]] | None:
    """The rows of a table; None if the first line is no row of headings."""
    lines = text.strip("\n").split("\n")
    delimiter = next((mark for mark in _DELIMITERS if _are_headings(lines[0].split(mark))), None)
    if delimiter is None:
        return None
    try:
        cells = (
            [line.split("\t") for line in lines] if delimiter == "\t" else list(csv.reader(lines, delimiter=delimiter))
        )
    except csv.Error:
        return None
    headings, *rows = cells
    return [dict(zip(headings, row, strict=False)) for row in rows]


def _are_headings(cells: list[str]) -> bool:
    names = {plain_key(cell.strip().strip('"').replace(" ", "")) for cell in cells}
    return names <= _KNOWN and bool(names & set(TEXT)) and bool(names & {*START, *SPEAKER})
