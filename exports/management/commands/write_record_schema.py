"""Writes the JSON Schema of records anew, after their parts were changed."""

import json
from typing import Any

from django.core.management.base import BaseCommand

from exports.builders.json import SCHEMA_FILE, schema


class Command(BaseCommand):
    """See above."""

    help = "Write exports/record.schema.json from the parts of records."

    def handle(self, *args: Any, **options: Any) -> None:
        """Overwrite the file."""
        SCHEMA_FILE.write_text(json.dumps(schema(), indent=1, ensure_ascii=False) + "\n")
        self.stdout.write(f"Wrote {SCHEMA_FILE.name}.")
