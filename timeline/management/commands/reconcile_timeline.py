"""Repair timelines by hand."""

from typing import Any

from django.core.management.base import BaseCommand

from timeline.services.session_events import reconcile_sessions


class Command(BaseCommand):
    """Repairs session events after a crash or a restore."""

    help = "Adds missing session events, rewrites outdated ones and withdraws those of deleted or failed sessions."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print how many sessions needed repair."""
        self.stdout.write(f"Sessions repaired: {reconcile_sessions()}")
