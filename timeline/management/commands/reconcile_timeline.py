"""Repair timelines by hand."""

from typing import Any

from django.core.management.base import BaseCommand

from timeline.services.note_events import reconcile_notes
from timeline.services.session_events import reconcile_sessions
from timeline.services.treatment_events import reconcile_treatment


class Command(BaseCommand):
    """Repairs derived events after a crash or a restore."""

    help = "Adds missing events of sessions, notes and treatment, and withdraws those of what does not hold any more."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print how much needed repair."""
        self.stdout.write(f"Sessions repaired: {reconcile_sessions()}")
        self.stdout.write(f"Notes repaired: {reconcile_notes()}")
        self.stdout.write(f"Events of treatment repaired: {reconcile_treatment()}")
