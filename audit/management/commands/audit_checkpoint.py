"""Export where every chain ends."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from audit.services import checkpoints


class Command(BaseCommand):
    """Keep the file where nobody who can write to the database can write: it is what a cut-off end is found by."""

    help = "Export a signed checkpoint of the audit trail, for audit_verify --checkpoint."

    def add_arguments(self, parser: CommandParser) -> None:
        """Options of the command line."""
        parser.add_argument("--out", type=Path, help="file to write; standard output without it")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write it."""
        content = checkpoints.export()
        if options["out"]:
            options["out"].write_bytes(content)
        else:
            self.stdout.write(content.decode())
