"""Create the first clinic."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.identity.choices import STAFF_ROLES, Role
from accounts.identity.forms import FirstClinicForm
from accounts.identity.services.first_clinic import open_clinic
from therapybridge.core.errors import DomainError


class Command(BaseCommand):
    """Asks nothing: whatever is needed is an argument."""

    help = "Creates a clinic and a link, good for seven days, with which its first person chooses name and password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the clinic and its first person."""
        parser.add_argument("--name", dest="clinic_name", required=True, help="the clinic's name")
        parser.add_argument("--time-zone", required=True, help="such as Europe/Berlin")
        parser.add_argument("--email", required=True, help="the address to sign in with")
        parser.add_argument("--role", choices=[role.value for role in STAFF_ROLES], default=Role.THERAPIST.value)
        parser.add_argument("--send", action="store_true", help="send the link to the address instead of printing it")

    def handle(self, *args: Any, send: bool, **options: Any) -> None:
        """Create both, and print the link, or say that it was sent."""
        form = FirstClinicForm(options)
        if not form.is_valid():
            raise CommandError("\n".join(f"{name}: {' '.join(map(str, told))}" for name, told in form.errors.items()))
        try:
            link = open_clinic(is_sent=send, **form.cleaned_data)
        except DomainError as error:
            raise CommandError(error.detail) from error
        self.stdout.write("The link has been sent." if send else link)
