"""Writes the description of the tables anew, after their columns were changed."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from exports.builders.csv import page


class Command(BaseCommand):
    """See above."""

    help = "Write docs/export-tables.md from the tables of exports."

    def handle(self, *args: Any, **options: Any) -> None:
        """Overwrite the file."""
        file = Path(settings.BASE_DIR) / "docs" / "export-tables.md"
        file.write_text(page())
        self.stdout.write(f"Wrote {file.name}.")
