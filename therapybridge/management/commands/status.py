"""`./dev manage status`: what works and what waits, with an exit code for a monitor."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from therapybridge.core.health import examined


class Command(BaseCommand):
    """Prints a line for each part; ends with 1 if one of them needs somebody."""

    help = "Shows whether every part works and how long work has been waiting; ends with 1 if one needs attention."

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask as /health does."""
        parts = examined()
        for name, part in parts.items():
            waits = f", waits for {part['waits_seconds']} s" if part.get("waits_seconds") else ""
            self.stdout.write(f"{name:12}{'ok' if part['ok'] else 'NEEDS ATTENTION'}{waits}")
            for away in part.get("away", ()):
                self.stdout.write(f"  {away['engine']}: {away['state']} ({away['error_code']})")
        if not all(part["ok"] for part in parts.values()):
            sys.exit(1)
