"""`./dev manage retry_sessions`: continue what an engine's failure ended, and try engines that are away."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from sessions_app.models import EngineCircuit
from sessions_app.processing.services import circuits, control
from therapybridge.core.actor import SYSTEM


class Command(BaseCommand):
    """Retries all failed sessions for which that may help, and has engines that are away or paused tried at once."""

    help = "Retries all sessions that failed because of an engine, and has engines that are away tried at once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One switch."""
        parser.add_argument("--dry-run", action="store_true", help="only say how many")

    def handle(self, *args: Any, **options: Any) -> None:
        """Retry and say how many."""
        sessions, away = control.sessions_to_retry(), EngineCircuit.objects.open()
        if options["dry_run"]:
            self.stdout.write(f"{sessions.count()} sessions to retry, {away.count()} engines to try.")
            return
        tried = circuits.probe_now(away, by=SYSTEM)
        self.stdout.write(f"{control.retry_all(sessions, by=SYSTEM)} sessions retried, {tried} engines to be tried.")
