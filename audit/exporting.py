"""The trail as a CSV file: streamed, and safe to open in a spreadsheet."""

import csv
from collections.abc import Iterator
from typing import Any

CHUNK = 1000
COLUMNS = (
    *("id", "created_at", "clinic_id", "actor_id", "action", "outcome", "target_type", "target_id", "patient_id"),
    *("ids", "grant_id", "reason", "changed", "request_id", "ip", "user_agent"),
)
# What makes a spreadsheet calculate, also in full width, which some programs take for the same.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


class _Line:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        """As the writer of csv wants it."""
        return text


def csv_lines(rows: Any) -> Iterator[str]:
    """A heading, then the rows of a queryset newest first, a chunk in memory at a time."""
    writer = csv.writer(_Line())
    yield writer.writerow(COLUMNS)
    rows, last = rows.order_by("-pk"), None
    while chunk := list((rows.filter(pk__lt=last) if last else rows)[:CHUNK]):
        for event in chunk:
            yield writer.writerow([safe_cell(getattr(event, name)) for name in COLUMNS])
        last = chunk[-1].pk


def safe_cell(value: Any) -> str:
    """Text that no program takes for a formula."""
    text = " ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) or text.lstrip().startswith(FORMULA) else text
