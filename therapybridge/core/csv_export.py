"""CSV exports."""

import csv
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponse


def csv_response(name: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> HttpResponse:
    """A CSV download named `name`, safe from formula injection."""
    disposition = f'attachment; filename="{name}"'
    response = HttpResponse(content_type="text/csv; charset=utf-8", headers={"Content-Disposition": disposition})
    writer = csv.writer(response)
    writer.writerow(header)
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return response


# Characters that start a formula in spreadsheets, including full-width variants that some programs accept.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


# What no text holds, and what programs drop before they look at the first character.
CONTROLS = dict.fromkeys([*range(9), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F], "\ufffd")


def safe_cell(value: Any) -> str:
    """Text that no spreadsheet interprets as a formula, without control characters."""
    text = " ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)
    text = text.translate(CONTROLS)
    return f"'{text}" if text.startswith(FORMULA) or text.lstrip().startswith(FORMULA) else text
