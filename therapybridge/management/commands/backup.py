"""`./dev manage backup FOLDER`: the database and the stored files, while the installation runs."""

import sqlite3
from pathlib import Path
from typing import Any

import psycopg
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error as DatabaseError

from therapybridge.backups.making import make
from therapybridge.backups.manifest import UnusableBackup


class Command(BaseCommand):
    """Keys are not in a backup: it names those that it needs."""

    help = "Writes database and stored files, but no keys, to a new folder, with what proves a restored one whole."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the folder."""
        parser.add_argument("folder", type=Path, help="a new folder, such as /backups/2026-12-01")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        """Make it, and tell what is in it and which keys it needs."""
        try:
            made = make(folder.absolute())
        except UnusableBackup as error:
            raise CommandError(str(error)) from None
        except (OSError, sqlite3.Error, psycopg.Error, DatabaseError) as error:
            raise CommandError(f"There is no backup: {error}") from error
        size = sum(one.size for one in made.files.values())
        self.stdout.write(f"{folder}: {len(made.tables)} tables, {len(made.files)} files, {size / 1e6:.1f} MB")
        self.stdout.write("Keep these keys elsewhere; without them nothing in the backup can be read:")
        for name, told in made.keys.items():
            self.stdout.write(f"  {name} (fingerprint {told})")
