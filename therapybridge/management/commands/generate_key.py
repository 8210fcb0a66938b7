"""A fresh encryption key."""

import secrets
from argparse import ArgumentParser
from base64 import b64encode
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from therapybridge.core.crypto import KEY_BYTES, KEY_ID


class Command(BaseCommand):
    """Print one; it is kept nowhere."""

    help = "Prints a new key as FIELD_ENCRYPTION_KEYS takes it: an id, a colon and 32 random bytes in base64."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The id is free to choose, once."""
        parser.add_argument("--id", dest="key_id", default="", help="A-Z a-z 0-9 _ -; today's date and a random end")

    def handle(self, *args: Any, key_id: str, **options: Any) -> None:
        """The line alone, for scripts."""
        name = key_id or f"k{timezone.now():%Y%m%d}-{secrets.token_hex(2)}"
        if not KEY_ID.fullmatch(name):
            raise CommandError("The id may hold A-Z a-z 0-9 _ - and has 32 characters at most.")
        self.stdout.write(f"{name}:{b64encode(secrets.token_bytes(KEY_BYTES)).decode()}")
