"""Lists as files for spreadsheet programs."""

import csv
from collections.abc import Iterable, Sequence

from django.http import HttpResponse

from audit.exporting import safe_cell


def csv_response(name: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> HttpResponse:
    """A download named `name`; no cell is taken for a formula."""
    disposition = f'attachment; filename="{name}"'
    response = HttpResponse(content_type="text/csv; charset=utf-8", headers={"Content-Disposition": disposition})
    writer = csv.writer(response)
    writer.writerow(header)
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return response
