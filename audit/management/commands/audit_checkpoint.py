"""Export the end of every chain."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from audit.services import checkpoints


class Command(BaseCommand):
    """Exports a signed checkpoint, which reveals truncation; keep it where the database's users cannot write."""

    help = "Export a signed checkpoint of the audit trail, for audit_verify --checkpoint."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--out", type=Path, help="file to write to (default: standard output)")

    def handle(self, *args: Any, **options: Any) -> None:
        content = checkpoints.export()
        if options["out"]:
            options["out"].write_bytes(content)
        else:
            self.stdout.write(content.decode())
