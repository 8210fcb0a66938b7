"""Create the demonstration clinic."""

from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from therapybridge.demo import people, seeding


class Command(BaseCommand):
    """Fills an empty database with the demonstration clinic."""

    help = "Creates a demonstration clinic with weeks of invented sessions in an empty database and prints its logins."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add --if-empty, for scripts that run at every start."""
        parser.add_argument("--if-empty", action="store_true", help="do nothing in production or beside a clinic")

    def handle(self, *args: Any, if_empty: bool = False, **options: Any) -> None:
        """Print the password once; only its hash is stored."""
        if settings.IS_PRODUCTION:
            if not if_empty:
                raise CommandError("This is production: demonstration accounts must not coexist with real patients.")
            return
        password = settings.DEMO_PASSWORD or people.readable_password()
        try:
            emails = seeding.seed(password, now=timezone.now())
        except seeding.AlreadySeeded as error:
            if not if_empty:
                raise CommandError(error.detail) from error
            known = ", ".join(seeding.sign_ins()) or "none, this database holds a clinic of its own"
            self.stdout.write(f"Demonstration sign-ins: {known}")
        else:
            self.stdout.write(box(["Demonstration sign-ins", "", *emails, "", f"Password: {password}"]))


def box(lines: Sequence[str]) -> str:
    """Frame the lines in ASCII."""
    width = max(map(len, lines))
    edge = f"+{'-' * (width + 4)}+"
    return "\n".join([edge, *(f"|  {line.ljust(width)}  |" for line in lines), edge])
