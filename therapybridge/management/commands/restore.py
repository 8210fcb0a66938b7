"""`./dev manage restore FOLDER`: fill an empty installation from a backup, and prove that it is the same."""

import sqlite3
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
from django.core.management.base import BaseCommand, CommandError
from django.db import Error as DatabaseError

from therapybridge.backups import restoring
from therapybridge.backups.manifest import UnusableBackup
from therapybridge.backups.restoring import Compared


class Command(BaseCommand):
    """Prints a line for each table, chain and kind of encrypted value; ends with 1 if one is not as it was."""

    help = "Fills an empty database and storage folder from a backup, and compares, verifies and decrypts everything."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the folder and --check."""
        parser.add_argument("folder", type=Path, help="a folder that `backup` has made")
        parser.add_argument("--check", action="store_true", help="write nothing: compare what is here with the backup")

    def handle(self, *args: Any, folder: Path, check: bool, **options: Any) -> None:
        """Restore unless it is only to be compared, then look at everything."""
        try:
            made = restoring.whole(folder) if check else restoring.restore(folder)
        except UnusableBackup as error:
            raise CommandError(f"{'' if check else 'Nothing was restored. '}{error}") from None
        except (OSError, sqlite3.Error, psycopg.Error, DatabaseError) as error:
            raise CommandError(
                f"The restored installation is not whole, begin again with an empty one: {error}"
            ) from error
        faults = self._told(restoring.compared(made))
        if not check:
            if restoring.bring_up_to_date():
                self.stdout.write("The backup is of an older version: its tables were brought up to date.")
            restoring.seal()
        faults += self._told(restoring.audited(folder)) + self._told(restoring.decrypted())
        if faults:
            self.stderr.write(f"{faults} differences from the backup of {made.taken_at}.")
            sys.exit(1)
        self.stdout.write(f"Everything is as it was in the backup of {made.taken_at}.")

    def _told(self, lines: Iterator[Compared]) -> int:
        faults = 0
        for line in lines:
            faults += bool(line.fault)
            self.stdout.write(f"{line.what:52}{line.number:>10}  {line.fault or 'equal'}")
        return faults
