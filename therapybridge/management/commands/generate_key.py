"""Generate an encryption key."""

import secrets
from argparse import ArgumentParser
from base64 import b64encode
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from therapybridge.core.crypto import KEY_BYTES, KEY_ID


class Command(BaseCommand):
    """Prints a key; it is stored nowhere."""

    help = "Prints a new key in the format of FIELD_ENCRYPTION_KEYS: an id, a colon and 32 random bytes in base64."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add --id; an id must not be reused."""
        parser.add_argument("--id", dest="key_id", default="", help="A-Z a-z 0-9 _ -; default: date and random suffix")

    def handle(self, *args: Any, key_id: str, **options: Any) -> None:
        """Print only the key, for scripts."""
        name = key_id or f"k{timezone.now():%Y%m%d}-{secrets.token_hex(2)}"
        if not KEY_ID.fullmatch(name):
            raise CommandError("The id may contain A-Z a-z 0-9 _ - and at most 32 characters.")
        self.stdout.write(f"{name}:{b64encode(secrets.token_bytes(KEY_BYTES)).decode()}")
