"""Lists as files for spreadsheet programs."""

import csv
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponse


def csv_response(name: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> HttpResponse:
    """A download named `name`; no cell is taken for a formula."""
    disposition = f'attachment; filename="{name}"'
    response = HttpResponse(content_type="text/csv; charset=utf-8", headers={"Content-Disposition": disposition})
    writer = csv.writer(response)
    writer.writerow(header)
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return response


# What makes a spreadsheet calculate, also in full width, which some programs take for the same.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def safe_cell(value: Any) -> str:
    """Text that no program takes for a formula."""
    text = " ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) or text.lstrip().startswith(FORMULA) else text
