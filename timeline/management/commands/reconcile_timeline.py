"""The timeline's repair by hand."""

from typing import Any

from django.core.management.base import BaseCommand

from timeline.services.session_events import reconcile_sessions


class Command(BaseCommand):
    """Make the session events what the sessions say."""

    help = "Adds missing session events, rewrites outdated ones and withdraws those of deleted or failed sessions."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print how many sessions needed a repair."""
        self.stdout.write(f"Sessions repaired: {reconcile_sessions()}")
