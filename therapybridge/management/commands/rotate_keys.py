"""The second step of a key rotation; the first is a new key at the front of FIELD_ENCRYPTION_KEYS."""

from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from therapybridge.core import rotation
from therapybridge.core.crypto import key_ring

BATCH = 200
MAX_BATCH = 5000


class Command(BaseCommand):
    """Re-encrypts everything with the primary key while the installation runs; repeat it after an interruption."""

    help = (
        "Re-encrypts every encrypted value with the first key of FIELD_ENCRYPTION_KEYS. Ends with an error while a "
        "value is left under another key."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add --batch and --dry-run."""
        parser.add_argument("--batch", type=int, default=BATCH, help=f"rows per transaction, 1 to {MAX_BATCH}")
        parser.add_argument("--dry-run", action="store_true", help="decrypt and count, write nothing")

    def handle(self, *args: Any, batch: int, dry_run: bool, **options: Any) -> None:
        """Rotate every source, then report what is left."""
        if not 1 <= batch <= MAX_BATCH:
            raise CommandError(f"--batch must be 1 to {MAX_BATCH}.")
        sources = rotation.sources()
        self.stdout.write(f"Primary key: {key_ring().primary}. {len(sources)} places hold encrypted values.")
        unopened = sum(self._rotate(source, batch, write=not dry_run) for source in sources)
        left = sum((source.left() for source in sources), Counter())
        self._tell(left)
        if unopened or left:
            raise CommandError(f"{left.total()} values are not under the primary key, {unopened} of them unreadable.")

    def _rotate(self, source: rotation.Source, batch: int, *, write: bool) -> int:
        """Rotate one source; returns the number of undecryptable values, and prints their rows, never contents."""
        renewed = unopened = 0
        for done in rotation.rotate(source, batch, write=write):
            renewed, unopened = renewed + done.renewed, unopened + len(done.unopened)
            for pk in done.unopened:
                self.stderr.write(f"{source.name}: {pk} cannot be decrypted.")
            self.stdout.write(f"{source.name}: {renewed} re-encrypted")
            self.stdout.flush()
        return unopened

    def _tell(self, left: Counter[str]) -> None:
        for key_id, number in sorted(left.items()):
            self.stdout.write(f"Left under the key {key_id}: {number}")
        if not left:
            self.stdout.write("No values are left under other keys.")
            if len(settings.FIELD_ENCRYPTION_KEYS) > 1 and not settings.BLIND_INDEX_KEY:
                self.stdout.write(
                    "Before you remove a key, set BLIND_INDEX_KEY to the base64 part of the oldest: address lookups "
                    "and the signatures of the audit trail depend on it."
                )
