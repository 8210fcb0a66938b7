"""The audit trail as CSV: streamed, and safe to open in a spreadsheet."""

import csv
from collections.abc import Iterator
from typing import Any

from therapybridge.core.csv_export import safe_cell

CHUNK = 1000
COLUMNS = (
    *("id", "created_at", "clinic_id", "actor_id", "action", "outcome", "target_type", "target_id", "patient_id"),
    *("ids", "grant_id", "reason", "changed", "request_id", "ip", "user_agent"),
)


class _Line:
    """A file-like object whose `write` returns its argument."""

    def write(self, text: str) -> str:
        return text


def csv_lines(rows: Any) -> Iterator[str]:
    """Yield a heading, then the queryset's rows newest first, with one chunk in memory at a time."""
    writer = csv.writer(_Line())
    yield writer.writerow(COLUMNS)
    rows, last = rows.order_by("-pk"), None
    while chunk := list((rows.filter(pk__lt=last) if last else rows)[:CHUNK]):
        for event in chunk:
            yield writer.writerow([safe_cell(getattr(event, name)) for name in COLUMNS])
        last = chunk[-1].pk
