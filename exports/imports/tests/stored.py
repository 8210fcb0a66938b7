"""A record as version 1 wrote it, kept so that later versions go on reading it.

Written once, in a migrated database where it leaves nothing:
`manage.py shell -c "from exports.imports.tests.stored import write; write()"`. The file of a version never changes.
"""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from exports.imports.tests.elsewhere import as_file, exported_elsewhere

STORED = Path(__file__).with_name("record-v1.json")
LONG_AGO = datetime(2026, 1, 2, 12, tzinfo=UTC)


def write() -> None:
    """With ids and days that are past wherever it is read."""
    record = exported_elsewhere(0, sessions_=2)
    asked = [replace(one, made_at=LONG_AGO) for one in record.access_requests]
    data = as_file(replace(record, access_requests=asked)).decode()
    for one in record.consents:
        data = data.replace(str(one.id), str(_long_ago(one.id)))
    STORED.write_text(data)


def _long_ago(pk: UUID) -> UUID:
    return UUID(f"{int(LONG_AGO.timestamp() * 1000):012x}{pk.hex[12:]}")
