"""Apply the retention period to the audit trail."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit.models import AuditChain
from audit.services import retention
from audit.services.verification import name_of


class Command(BaseCommand):
    """Removes old audit events; nothing else ever deletes rows of the trail."""

    help = "Remove audit events that are older than the given number of years, never less than six."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--older-than-years", type=int, required=True)
        parser.add_argument("--dry-run", action="store_true", help="only print what would be removed")

    def handle(self, *args: Any, **options: Any) -> None:
        """Remove old events chain by chain; damaged chains are left untouched."""
        try:
            before = retention.cutoff(options["older_than_years"])
        except ValueError as error:
            raise CommandError(str(error)) from error
        found = (retention.removable(chain, before) for chain in AuditChain.objects.order_by("pk"))
        damaged = [
            name_of(removal.clinic)
            for removal in found
            if removal and not self._remove(removal, is_rehearsal=options["dry_run"])
        ]
        if damaged:
            raise CommandError(f"Nothing was removed from chains that do not verify: {', '.join(damaged)}.")

    def _remove(self, removal: retention.Removal, *, is_rehearsal: bool) -> bool:
        try:
            if not is_rehearsal:
                retention.remove(removal)
        except retention.ChainDamaged:
            return False
        verb = "would be removed" if is_rehearsal else "removed"
        self.stdout.write(f"{name_of(removal.clinic)}: positions {removal.first}..{removal.last} {verb}")
        return True
